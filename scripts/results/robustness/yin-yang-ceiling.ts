import { insideYinYang, yinYangClass } from '../../../dist/data/yin-yang-disc.js'
import { YIN_YANG_SPLITS, yinYangPoints } from '../../../dist/data/yin-yang-points.js'
import { createRandomStream } from '../../../dist/numerics/random-stream.js'

/** Time of the spike that stands for a feature of 1, in ms. */
const SPAN = 30
/** Draws of the jitter per point. */
const DRAWS = 5
/** Points of the disc along an axis, over which the posterior is summed. */
const GRID = 120

/**
 * Accuracy in percent of the optimal classifier of input spikes that jitter, on the test split: no network that hears only
 * those can be better, whatever else jitters in it.
 *
 * A point (x, y) is told by spikes at 30 x, 30 y, 30 (1 - x) and 30 (1 - y) ms, so each coordinate twice; its means
 * (u, v) over both are all there is to know, with a standard deviation of s = jitter / (30 sqrt 2). The classes are as likely
 * as each other, and points even within a class of area A: the answer is the class with the largest
 *
 *     1 / A ∫ exp(-((x - u)^2 + (y - v)^2) / (2 s^2)) dx dy   over the class.
 *
 * @param jitter standard deviation of every spike, ms
 */
export function yinYangCeiling(jitter: number): number {
  const std = jitter / (SPAN * Math.SQRT2)
  const disc = pointsOfDisc()
  const { size, features, labels } = yinYangPoints(YIN_YANG_SPLITS.test)
  const random = createRandomStream(1, 'ceiling')
  let right = 0
  for (let k = 0; k < size * DRAWS; k++) {
    const point = k % size
    const u = (features[4 * point] as number) + std * random.normal(2 * k)
    const v = (features[4 * point + 1] as number) + std * random.normal(2 * k + 1)
    if (likeliest(disc, u, v, std) === labels[point]) right++
  }
  return (100 * right) / (size * DRAWS)
}

interface Cell {
  readonly x: number
  readonly y: number
  readonly label: 0 | 1 | 2
}

function pointsOfDisc(): readonly Cell[] {
  const cells: Cell[] = []
  for (let j = 0; j < GRID; j++)
    for (let i = 0; i < GRID; i++) {
      const [x, y] = [(i + 0.5) / GRID, (j + 0.5) / GRID]
      if (insideYinYang(x, y)) cells.push({ x, y, label: yinYangClass(x, y) })
    }
  return cells
}

function likeliest(disc: readonly Cell[], u: number, v: number, std: number): number {
  const sums = [0, 0, 0]
  const areas = [0, 0, 0]
  // Scaled, for the nearest of all cells not to vanish.
  const nearest = disc.reduce(
    (least, { x, y }) => Math.min(least, (x - u) ** 2 + (y - v) ** 2),
    Number.POSITIVE_INFINITY,
  )
  for (const { x, y, label } of disc) {
    areas[label] = (areas[label] as number) + 1
    const distance = (x - u) ** 2 + (y - v) ** 2 - nearest
    sums[label] = (sums[label] as number) + Math.exp(-distance / (2 * std * std))
  }
  const scores = sums.map((sum, label) => sum / (areas[label] as number))
  return scores.indexOf(Math.max(...scores))
}
