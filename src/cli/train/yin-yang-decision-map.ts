import { createYinYangDataset, type YinYangEncoding } from '../../data/yin-yang-dataset.js'
import { insideYinYang } from '../../data/yin-yang-disc.js'
import { YIN_YANG_FEATURES, YIN_YANG_SPLITS, type YinYangPoints, yinYangPoints } from '../../data/yin-yang-points.js'
import { evaluateSplit } from '../../learning/evaluate-split.js'
import type { Session } from '../../learning/session.js'
import type { Task } from '../../learning/task.js'
import { type DecisionPoint, decisionMapPicture } from '../../storage/pictures/decision-map-picture.js'

/** Cells per side of the map. */
const RESOLUTION = 140

/** What a network decides all over the Yin-Yang disc, with the test points, as SVG. */
export async function yinYangDecisionMap(session: Session, task: Task, encoding: YinYangEncoding): Promise<string> {
  const cells = cellsInside()
  const decided = await evaluateSplit(session, createYinYangDataset(centresOf(cells), encoding), task)
  const tested = await evaluateSplit(session, task.test, task)
  const classOf = new Int32Array(RESOLUTION * RESOLUTION).fill(-1)
  for (const [index, cell] of cells.entries()) classOf[cell] = decided.predictions[index] as number
  return decisionMapPicture({
    title: 'What the network decides on the Yin-Yang disc',
    resolution: RESOLUTION,
    classOf,
    points: pointsWith(tested.predictions),
    inside: insideYinYang,
  })
}

function centre(cell: number): { readonly x: number; readonly y: number } {
  return { x: ((cell % RESOLUTION) + 0.5) / RESOLUTION, y: (Math.floor(cell / RESOLUTION) + 0.5) / RESOLUTION }
}

/** The cells, row by row, whose centres lie on the disc. */
function cellsInside(): readonly number[] {
  return Array.from({ length: RESOLUTION * RESOLUTION }, (_, cell) => cell).filter((cell) => {
    const { x, y } = centre(cell)
    return insideYinYang(x, y)
  })
}

/** The centres as points of a data set; their labels are not looked at. */
function centresOf(cells: readonly number[]): YinYangPoints {
  const features = cells.flatMap((cell) => {
    const { x, y } = centre(cell)
    return [x, y, 1 - x, 1 - y]
  })
  return { size: cells.length, features: Float64Array.from(features), labels: new Uint8Array(cells.length) }
}

function pointsWith(predictions: Int32Array): readonly DecisionPoint[] {
  const { features, labels } = yinYangPoints(YIN_YANG_SPLITS.test)
  return Array.from(labels, (label, point) => ({
    x: features[point * YIN_YANG_FEATURES] as number,
    y: features[point * YIN_YANG_FEATURES + 1] as number,
    label,
    prediction: predictions[point] as number,
  }))
}
