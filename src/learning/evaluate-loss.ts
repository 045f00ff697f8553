import { InputError } from '../events/errors.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { FirstSpikeLoss, LinearLoss, Loss, SpikeCountLoss, VMaxLoss } from './loss.js'
import { evaluateFirstSpike } from './losses/first-spike-loss.js'
import { evaluateLinear } from './losses/linear-loss.js'
import { evaluateSpikeCount } from './losses/spike-count-loss.js'
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
  loss: LinearLoss | FirstSpikeLoss | SpikeCountLoss,
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

function requireLabel(loss: Loss, size: number, trial: number, label: number | null): number {
  if (label === null) {
    throw new InputError({
      code: 'LOSS_LABEL_MISSING',
      field: 'label',
      found: `no label for trial ${trial}`,
      expected: `one, because the loss is "${loss.kind}"`,
    })
  }
  if (!Number.isInteger(label) || label < 0 || label >= size) {
    throw new InputError({
      code: 'LOSS_LABEL_RANGE',
      field: 'label',
      found: `${label} in trial ${trial}`,
      expected: `an integer from 0 to ${size - 1}, a unit of group "${loss.group}"`,
    })
  }
  return label
}
