import type { Maxima } from '../session.js'
import { crossEntropy } from './cross-entropy.js'
import { largest } from './largest.js'
import type { TrialLoss } from './trial-loss.js'

/**
 * The label's readout shall reach the highest voltage of all.
 *
 *     L = -ln softmax(vMax)[label]        dL/dvMax_i = softmax_i - [i = label]
 *
 * vMax_i is the maximum of unit i over the trial. Writes dL/dvMax into `explicit` at [trial * size + unit]. The
 * prediction is the unit with the largest maximum, the lowest one on ties.
 */
export function evaluateVMax(
  size: number,
  maxima: Maxima,
  trial: number,
  label: number,
  explicit: Float64Array,
): TrialLoss {
  const scores = maxima.values.subarray(trial * size, (trial + 1) * size)
  const slopes = explicit.subarray(trial * size, (trial + 1) * size)
  return { loss: crossEntropy(scores, label, slopes), prediction: largest(scores), labelSilent: false }
}
