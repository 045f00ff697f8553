import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import { noSpikes } from '../events/no-spikes.js'
import { createEvaluation } from '../learning/evaluate-loss.js'
import type { Labels } from '../learning/labels.js'
import type { Loss } from '../learning/loss.js'
import { observedBy } from '../learning/loss-view.js'
import type { Observed } from '../learning/losses/loss-record.js'
import type { Recording } from '../learning/session.js'
import type { Setting } from './checked-numbers.js'

/** Whether a recording shows it. */
const IS_RECORDED: Readonly<Record<Observed, boolean>> = { spikes: true, maxima: true, integral: false }

/** Whether recordings show what a loss looks at. */
export function isRecorded(loss: Loss): boolean {
  return IS_RECORDED[observedBy(loss)]
}

/**
 * Losses of the trials that have one, summed; NaN where coefficients and spikes do not match in number.
 *
 * @param loss one on what recordings show
 */
export function lossOfRecording(
  loss: Loss,
  { instance, trials }: Setting,
  recording: Recording,
  labels: Labels | null,
): number {
  const size = instance.groups.find(({ name }) => name === loss.group)?.size ?? 0
  const maxima = entryOf(recording.maxima, loss.group) ?? { values: new Float64Array(0), times: new Float64Array(0) }
  const trains = entryOf(recording.spikes, loss.group) ?? noSpikes(trials.count)
  const explicit = new Float64Array(Math.max(trains.times.length, maxima.values.length))
  const evaluate = createEvaluation(loss, { size, until: trials.until })
  const observed = observedBy(loss) === 'maxima' ? maxima : trains
  let sum = 0
  try {
    for (let trial = 0; trial < trials.count; trial++)
      sum += evaluate(observed, trial, labels?.[trial] ?? null, explicit).loss ?? 0
  } catch (error) {
    if (error instanceof InputError && error.code === 'LOSS_COEFFICIENT_COUNT') return Number.NaN
    throw error
  }
  return sum
}
