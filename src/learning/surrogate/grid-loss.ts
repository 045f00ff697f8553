import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { exp } from '../../numerics/exp.js'
import { evaluateMaximaLoss, evaluateSpikeLoss } from '../evaluate-loss.js'
import type { FirstSpikeLoss, Loss, SpikeCountLoss, VMaxLoss } from '../loss.js'
import type { TrialLoss } from '../losses/trial-loss.js'
import { createUnitRoom } from '../losses/unit-room.js'
import type { MaximaRecorder } from './maxima-recorder.js'
import type { SpikeRecorder } from './spike-recorder.js'
import type { TimeGrid } from './time-grid.js'

/** What a loss may look at: the trials so far, the one it is asked about last. */
export type GridObservation =
  | { readonly kind: 'lif'; readonly spikes: SpikeRecorder }
  | { readonly kind: 'li'; readonly maxima: MaximaRecorder }

/**
 * The loss of one trial on the grid. Writes its derivatives into `explicit`, at [step · lanes + unit]: dL/ds of what
 * spikes, dL/dV of a readout.
 */
export type GridLoss = (
  observed: GridObservation,
  trial: number,
  label: number | null,
  explicit: Float32Array,
) => TrialLoss

export interface GridLossSettings {
  /** Units of the loss's group. */
  readonly size: number
  /** Length of a row of `explicit`. */
  readonly lanes: number
  readonly grid: TimeGrid
  readonly slope: number
}

/** Raises `InputError` LOSS_UNSUPPORTED for a loss on given spike times: on the grid a spike has no time to move. */
export function createGridLoss(loss: Loss, settings: GridLossSettings): GridLoss {
  switch (loss.kind) {
    case 'vMax':
      return maximaLoss(loss, settings)
    case 'firstSpike':
      return firstSpikeLoss(loss, settings)
    case 'spikeCount':
      return spikeCountLoss(loss, settings)
    default:
      throw new InputError({
        code: 'LOSS_UNSUPPORTED',
        field: 'loss.kind',
        found: `"${loss.kind}"`,
        expected: 'a loss that surrogate gradients can follow: vMax, firstSpike or spikeCount',
        remedy: 'Train with the exact method.',
      })
  }
}

/** dL/dV stands where the voltage is largest; at t = 0 it is given. */
function maximaLoss(loss: VMaxLoss, { size, lanes }: GridLossSettings): GridLoss {
  const room = createUnitRoom(size)
  return (observed, trial, label, explicit) => {
    const { maxima, steps } = (observed as GridObservation & { kind: 'li' }).maxima
    const peaks = new Float64Array(maxima.values.length)
    const result = evaluateMaximaLoss(loss, size, maxima, trial, label, peaks, room)
    explicit.fill(0)
    for (let unit = 0; unit < size; unit++) {
      const at = trial * size + unit
      explicit[(steps[at] as number) * lanes + unit] = peaks[at] as number
    }
    return result
  }
}

/**
 * The first spike is the time during which the threshold has not been reached, t = dt · (number of points before it):
 * every point up to the spike has a share in it,
 *
 *     dL/ds_k = -dL/dt slope dt        (k up to the first spike)
 *
 * As dt -> 0 and slope -> Infinity the surrogate derivatives of these points add up to 1 / (dV/dt) at the crossing, so
 * that the gradient becomes the exact one of the crossing's time.
 */
function firstSpikeLoss(loss: FirstSpikeLoss, { size, lanes, grid, slope }: GridLossSettings): GridLoss {
  const room = createUnitRoom(size)
  return (observed, trial, label, explicit) => {
    const trains = trainsOf(observed)
    const byTime = new Float64Array(trains.times.length)
    const result = evaluateSpikeLoss(loss, size, trains, trial, label, byTime, room)
    explicit.fill(0)
    const end = trains.offsets[trial + 1] as number
    for (let spike = trains.offsets[trial] as number; spike < end; spike++) {
      const share = -(byTime[spike] as number) * slope * grid.dt
      if (share === 0) continue
      const last = Math.round((trains.times[spike] as number) / grid.dt)
      for (let k = 1; k <= last; k++) explicit[k * lanes + (trains.units[spike] as number)] = share
    }
    return result
  }
}

/** The count is a sum over all points, sum of s_k e^{-t_k / tau}: each has a share in it, whether there was a spike. */
function spikeCountLoss(loss: SpikeCountLoss, { size, lanes, grid }: GridLossSettings): GridLoss {
  const room = createUnitRoom(size)
  const shares = Float64Array.from({ length: grid.steps }, (_, k) => exp((-k * grid.dt) / loss.tau))
  return (observed, trial, label, explicit) => {
    const trains = trainsOf(observed)
    const byTime = new Float64Array(trains.times.length)
    const result = evaluateSpikeLoss(loss, size, trains, trial, label, byTime, room)
    for (let k = 0; k < grid.steps; k++)
      for (let unit = 0; unit < size; unit++)
        explicit[k * lanes + unit] = (room.slopes[unit] as number) * (shares[k] as number)
    return result
  }
}

function trainsOf(observed: GridObservation): SpikeTrains {
  return (observed as GridObservation & { kind: 'lif' }).spikes.trains()
}
