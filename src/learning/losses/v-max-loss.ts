import type { Maxima } from '../session.js'
import { evaluateScores } from './readout-scores.js'
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
  room: UnitRoom,
): TrialLoss {
  return evaluateScores(maxima.values, 1, trial, label, explicit, room)
}
