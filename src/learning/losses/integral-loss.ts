import { RunError } from '../../events/errors.js'
import type { LiIntegralLoss } from '../loss.js'
import { evaluateScores } from './readout-scores.js'
import type { TrialLoss } from './trial-loss.js'
import type { UnitRoom } from './unit-room.js'

/**
 * The label's readout shall have the largest voltage on the whole, early voltage counting more.
 *
 *     S_i = scale ∫_0^T e^{-t/tau} V_i dt       L = -ln softmax(S)[label]
 *     dL/d(integral)_i = scale (softmax_i - [i = label])
 *
 * `integrals` and `explicit` are row-major [trial][unit]. Raises `RunError` LOSS_OVERFLOW for integrals beyond the range
 * of a double. Source: Nowotny, Turner & Knight 2022 (arXiv 2212.01232).
 */
export function evaluateLiIntegral(
  { group, scale }: LiIntegralLoss,
  integrals: Float64Array,
  trial: number,
  label: number,
  explicit: Float64Array,
  room: UnitRoom,
): TrialLoss {
  const result = evaluateScores(integrals, scale, trial, label, explicit, room)
  if (room.scores.every(Number.isFinite)) return result
  throw new RunError({
    code: 'LOSS_OVERFLOW',
    message: `An integral over a voltage of group "${group}" in trial ${trial} is beyond the range of a double.`,
    details: { group, trial },
    remedy: 'Scale the weights into it down, or end the trial earlier.',
  })
}
