import type { Axis } from './axes.js'
import { linearScale, logScale, type Span } from './scale.js'
import { linearTicks, logTicks } from './ticks.js'

/** Losses below it, 0 among them, have no useful place on a logarithmic axis. */
const LEAST_LOG = 1e-12

/** The axis of a loss: logarithmic where the values allow it and span a factor of five, else linear. */
export function lossAxis(values: readonly number[], range: Span): Axis {
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
export function accuracyAxis(values: readonly number[], range: Span): Axis {
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
