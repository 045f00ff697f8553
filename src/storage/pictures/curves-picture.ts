import { partOf, type Readers, readRequired } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readRecord, readString } from '../../network/reading/read-value.js'
import { type Axis, acrossOf, bottomAxis, leftAxis, type PlotArea, panel, upwardOf } from './axes.js'
import { curve } from './curve.js'
import { label } from './label.js'
import { legend } from './legend.js'
import { picture } from './picture.js'
import { linearScale, logScale, type Scale, type Span } from './scale.js'
import type { Markup } from './svg.js'
import { THEME } from './theme.js'
import { linearTicks, logTicks } from './ticks.js'

/** Losses below it, 0 among them, have no useful place on a logarithmic axis. */
const LEAST_LOG = 1e-12

/** The axis of a loss: logarithmic where the values allow it and span a factor of five, else linear. */
function lossAxis(values: readonly number[], range: Span): Axis {
  const lowest = Math.min(...values)
  const highest = Math.max(...values)
  if (values.length === 0)
    return { scale: linearScale({ from: 0, to: 1 }, range), ticks: [0, 1], title: 'mean loss of a trial' }
  if (lowest > LEAST_LOG && highest / lowest > 5) {
    const domain = { from: lowest / 1.15, to: highest * 1.15 }
    return { scale: logScale(domain, range), ticks: logTicks(domain), title: 'mean loss of a trial (log scale)' }
  }
  // Values that are as good as equal get room in proportion to their size instead.
  const size = Math.abs(highest)
  const spread = highest - lowest > size * 1e-6 ? highest - lowest : size
  const room = Math.max(spread * 0.08, 1e-9)
  const domain = { from: lowest - room, to: highest + room }
  return { scale: linearScale(domain, range), ticks: linearTicks(domain, 6), title: 'mean loss of a trial' }
}

const ERRORS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001] as const

const LEAST_ERROR = 0.001

/**
 * The axis of an accuracy, logarithmic in the error 1 - accuracy, so that 98 and 99 % stand as far apart as 50 and
 * 75 %; accuracies above 99.9 % lie on its upper end.
 */
function accuracyAxis(values: readonly number[], range: Span): Axis {
  const errors = values.length === 0 ? [1] : values.map((value) => Math.max(1 - value, LEAST_ERROR))
  const worst = Math.max(...errors)
  const best = Math.min(...errors)
  // Errors that are all at the upper end still need a lower one.
  const from = ERRORS.findLast((error) => error > LEAST_ERROR && error >= worst - 1e-9) ?? 1
  const below = ERRORS.find((error) => error <= best + 1e-9) ?? LEAST_ERROR
  const to = below < from ? below : LEAST_ERROR
  const scale = logScale({ from, to }, range)
  return {
    scale: (accuracy) => scale(Math.max(1 - accuracy, to)),
    ticks: ERRORS.filter((error) => error <= from && error >= to).map((error) => 1 - error),
    format: (accuracy) => String(Math.round(accuracy * 1000) / 10),
    title: 'accuracy (%), log scale of the error',
  }
}

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
