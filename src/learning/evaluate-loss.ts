import { InputError } from '../events/errors.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { LiIntegralLoss, Loss, SpikeLoss, VMaxLoss } from './loss.js'
import { classesOf, hasTargets } from './loss-view.js'
import { evaluateFirstSpike } from './losses/first-spike-loss.js'
import { evaluateLiIntegral } from './losses/integral-loss.js'
import { evaluateLinear } from './losses/linear-loss.js'
import { evaluateSpikeCount } from './losses/spike-count-loss.js'
import { evaluateTargets } from './losses/target-loss.js'
import type { TrialLoss } from './losses/trial-loss.js'
import { createUnitRoom } from './losses/unit-room.js'
import { evaluateVMax } from './losses/v-max-loss.js'
import type { Maxima } from './session.js'

/**
 * The loss of one trial on the spikes of a group, with its derivatives.
 *
 * `trains` holds the spikes of the loss's group of `size` units. Writes dL/dt_k (1/ms) into `explicit[k]` for every
 * spike k of this trial and leaves the rest of `explicit` alone. Raises `InputError` LOSS_LABEL_MISSING,
 * LOSS_LABEL_RANGE or LOSS_COEFFICIENT_COUNT.
 *
 * @param room whoever evaluates many trials hands in the same one for all of them
 */
export function evaluateSpikeLoss(
  loss: SpikeLoss,
  size: number,
  trains: SpikeTrains,
  trial: number,
  label: number | null,
  explicit: Float64Array,
  room = createUnitRoom(size),
): TrialLoss {
  switch (loss.kind) {
    case 'linear':
      return evaluateLinear(loss, trains, trial, explicit)
    case 'firstSpike':
      return evaluateFirstSpike(loss, trains, trial, requireLabel(loss, size, trial, label), explicit, room)
    case 'spikeCount':
      return evaluateSpikeCount(loss, trains, trial, requireLabel(loss, size, trial, label), explicit, room)
    case 'vanRossum':
    case 'spikeTimes':
      return evaluateTargets(loss, size, trains, trial, requireLabel(loss, size, trial, label), explicit)
  }
}

/**
 * The loss of one trial on the voltage maxima of a readout group, with its derivatives.
 *
 * Writes dL/dvMax into `explicit` at [trial * size + unit] for every unit and leaves the rest of `explicit` alone.
 * Raises `InputError` LOSS_LABEL_MISSING or LOSS_LABEL_RANGE.
 *
 * @param room as for `evaluateSpikeLoss`
 */
export function evaluateMaximaLoss(
  loss: VMaxLoss,
  size: number,
  maxima: Maxima,
  trial: number,
  label: number | null,
  explicit: Float64Array,
  room = createUnitRoom(size),
): TrialLoss {
  return evaluateVMax(maxima, trial, requireLabel(loss, size, trial, label), explicit, room)
}

/**
 * The same on the integrals ∫_0^T e^{-t/tau} V dt of a readout group, row-major [trial][unit], with dL/d(integral).
 *
 * @param room as for `evaluateSpikeLoss`
 */
export function evaluateIntegralLoss(
  loss: LiIntegralLoss,
  size: number,
  integrals: Float64Array,
  trial: number,
  label: number | null,
  explicit: Float64Array,
  room = createUnitRoom(size),
): TrialLoss {
  return evaluateLiIntegral(loss, integrals, trial, requireLabel(loss, size, trial, label), explicit, room)
}

/**
 * A label is a unit of the group, or a target train; of a single one no label is needed.
 *
 * Raises `InputError` LOSS_LABEL_MISSING or LOSS_LABEL_RANGE.
 */
export function requireLabel(loss: Loss, size: number, trial: number, label: number | null): number {
  const count = classesOf(loss, size)
  if (label === null && hasTargets(loss) && count === 1) return 0
  if (label === null) {
    throw new InputError({
      code: 'LOSS_LABEL_MISSING',
      field: 'label',
      found: `no label for trial ${trial}`,
      expected: `one, because the loss is "${loss.kind}"`,
    })
  }
  if (!Number.isInteger(label) || label < 0 || label >= count) {
    const meaning = hasTargets(loss) ? 'a target train' : `a unit of group "${loss.group}"`
    throw new InputError({
      code: 'LOSS_LABEL_RANGE',
      field: 'label',
      found: `${label} in trial ${trial}`,
      expected: `an integer from 0 to ${count - 1}, ${meaning}`,
    })
  }
  return label
}
