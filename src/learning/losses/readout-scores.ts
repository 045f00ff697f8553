import { crossEntropy, largest } from './cross-entropy.js'
import type { TrialLoss } from './trial-loss.js'
import type { UnitRoom } from './unit-room.js'

/**
 * -ln softmax(scale x)[label] over one number x per readout, row-major [trial][unit], smoothed as in `crossEntropy`.
 *
 * Writes dL/dx, without smoothing scale (softmax_i - [i = label]), into the trial's row of `explicit`. The prediction is the unit with the
 * largest number, the lowest one on ties.
 */
export function evaluateScores(
  numbers: Float64Array,
  { scale, smoothing }: { readonly scale: number; readonly smoothing: number | undefined },
  trial: number,
  label: number,
  explicit: Float64Array,
  { scores, slopes }: UnitRoom,
): TrialLoss {
  const size = scores.length
  const row = trial * size
  for (let unit = 0; unit < size; unit++) scores[unit] = scale * (numbers[row + unit] as number)
  const loss = crossEntropy(scores, label, slopes, smoothing)
  for (let unit = 0; unit < size; unit++) explicit[row + unit] = scale * (slopes[unit] as number)
  return { loss, prediction: largest(scores), labelSilent: false }
}
