import type { Maxima } from '../session.js'
import { crossEntropy } from './cross-entropy.js'
import { largest } from './largest.js'
import type { TrialLoss } from './trial-loss.js'
import type { UnitRoom } from './unit-room.js'

/**
 * The label's readout shall reach the highest voltage of all.
 *
 *     L = -ln softmax(vMax)[label]        dL/dvMax_i = softmax_i - [i = label]
 *
 * vMax_i is the maximum of unit i over the trial. Writes dL/dvMax into `explicit` at [trial * size + unit]. The
 * prediction is the unit with the largest maximum, the lowest one on ties.
 */
export function evaluateVMax(
  maxima: Maxima,
  trial: number,
  label: number,
  explicit: Float64Array,
  { scores, slopes }: UnitRoom,
): TrialLoss {
  const size = scores.length
  const row = trial * size
  for (let unit = 0; unit < size; unit++) scores[unit] = maxima.values[row + unit] as number
  const loss = crossEntropy(scores, label, slopes)
  for (let unit = 0; unit < size; unit++) explicit[row + unit] = slopes[unit] as number
  return { loss, prediction: largest(scores), labelSilent: false }
}
