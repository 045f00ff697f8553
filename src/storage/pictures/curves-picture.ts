import { partOf, type Readers, readRequired } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readRecord, readString } from '../../network/reading/read-value.js'
import { acrossOf, bottomAxis, leftAxis, type PlotArea, panel, upwardOf } from './axes.js'
import { curve } from './curve.js'
import { accuracyAxis, lossAxis } from './curve-axes.js'
import { label } from './label.js'
import { legend } from './legend.js'
import { picture } from './picture.js'
import { linearScale, type Scale } from './scale.js'
import type { Markup } from './svg.js'
import { THEME } from './theme.js'
import { linearTicks } from './ticks.js'

/** What one epoch of training measured; a loss that is null leaves a gap. */
export interface CurveEpoch {
  readonly epoch: number
  readonly loss: number | null
  /** Accuracies from 0 to 1. */
  readonly trainAccuracy: number
  readonly validationAccuracy: number
}

export interface CurvesOptions {
  readonly title: string
  readonly subtitle?: string
  readonly epochs: readonly CurveEpoch[]
}

const EPOCH: Readers<CurveEpoch> = {
  epoch: readAnyNumber,
  loss: readAnyNumber,
  trainAccuracy: readAnyNumber,
  validationAccuracy: readAnyNumber,
}
/** An epoch of a training says more, and may have no loss. */
const readEpoch: Reader<CurveEpoch> = (value, field) => {
  const { loss, ...rest } = readRecord(value, field)
  return { ...partOf(EPOCH)({ ...rest, loss: loss ?? Number.NaN }, field), loss: (loss as number | undefined) ?? null }
}

const READERS: Readers<CurvesOptions> = { title: readString, subtitle: readString, epochs: listOf(readEpoch) }

const LOSS: PlotArea = { left: 78, top: 104, width: 356, height: 250 }
const ACCURACY: PlotArea = { left: 522, top: 104, width: 356, height: 250 }

/** The course of a training: loss on the left, accuracies on the right, over the epochs. */
export function curvesPicture(options: CurvesOptions): string {
  const { title, subtitle, epochs } = readRequired(options, READERS, ['title', 'epochs'])
  const numbers = epochs.map(({ epoch }) => epoch)
  const from = Math.min(...numbers, 1)
  const span = { from, to: Math.max(...numbers, from + 1) }
  const ticks = linearTicks(span, 6).filter(Number.isInteger)
  const axisBelow = (area: PlotArea) => {
    const scale = linearScale(span, acrossOf(area))
    return { scale, axis: bottomAxis(area, { scale, ticks, title: 'epoch' }) }
  }
  return picture(
    { width: 904, height: 414, title, ...(subtitle === undefined ? {} : { subtitle }) },
    ...lossPanel(epochs, axisBelow(LOSS)),
    ...accuracyPanel(epochs, axisBelow(ACCURACY)),
  )
}

interface Below {
  readonly scale: Scale
  readonly axis: Markup
}

function lossPanel(epochs: readonly CurveEpoch[], below: Below): Markup[] {
  const losses = epochs.map(({ loss }) => loss ?? Number.NaN)
  const axis = lossAxis(losses.filter(Number.isFinite), upwardOf(LOSS))
  const points = epochs.map(({ epoch }, index) => ({ x: below.scale(epoch), y: axis.scale(losses[index] as number) }))
  const last = losses.at(-1) ?? Number.NaN
  return [
    label('Loss', { x: LOSS.left, y: LOSS.top - 12, size: 13, weight: 600 }),
    legend({ right: LOSS.left + LOSS.width, y: LOSS.top - 16 }, [
      { text: `training ${Number.isFinite(last) ? last.toPrecision(3) : '–'}`, colour: THEME.purple },
    ]),
    panel(LOSS),
    below.axis,
    leftAxis(LOSS, axis),
    curve(points, THEME.purple),
  ]
}

function accuracyPanel(epochs: readonly CurveEpoch[], below: Below): Markup[] {
  const series = [
    { name: 'training', colour: THEME.orange, values: epochs.map(({ trainAccuracy }) => trainAccuracy) },
    { name: 'validation', colour: THEME.blue, values: epochs.map(({ validationAccuracy }) => validationAccuracy) },
  ]
  const axis = accuracyAxis(series.flatMap(({ values }) => values).filter(Number.isFinite), upwardOf(ACCURACY))
  const percent = (value = Number.NaN) => (Number.isFinite(value) ? `${(value * 100).toFixed(1)} %` : '–')
  return [
    label('Accuracy', { x: ACCURACY.left, y: ACCURACY.top - 12, size: 13, weight: 600 }),
    legend(
      { right: ACCURACY.left + ACCURACY.width, y: ACCURACY.top - 16 },
      series.map(({ name, colour, values }) => ({ text: `${name} ${percent(values.at(-1))}`, colour })),
    ),
    panel(ACCURACY),
    below.axis,
    leftAxis(ACCURACY, axis),
    ...series.map(({ values, colour }) =>
      curve(
        epochs.map(({ epoch }, index) => ({ x: below.scale(epoch), y: axis.scale(values[index] as number) })),
        colour,
      ),
    ),
  ]
}
