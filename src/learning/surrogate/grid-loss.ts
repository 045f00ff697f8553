import type { SpikeTrains } from '../../events/spike-trains.js'
import { exp } from '../../numerics/exp.js'
import { evaluateIntegralLoss, evaluateMaximaLoss, evaluateSpikeLoss, requireLabel } from '../evaluate-loss.js'
import type {
  FirstSpikeLoss,
  LiIntegralLoss,
  LinearLoss,
  Loss,
  SpikeCountLoss,
  SpikeTimesLoss,
  VanRossumLoss,
  VMaxLoss,
} from '../loss.js'
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

export function createGridLoss(loss: Loss, settings: GridLossSettings): GridLoss {
  switch (loss.kind) {
    case 'vMax':
      return maximaLoss(loss, settings)
    case 'liIntegral':
      return integralLoss(loss, settings)
    case 'spikeCount':
      return spikeCountLoss(loss, settings)
    case 'vanRossum':
      return vanRossumLoss(loss, settings)
    case 'firstSpike':
    case 'spikeTimes':
    case 'linear':
      return spikeTimeLoss(loss, settings)
  }
}

/** dL/dV stands where the voltage is largest; at t = 0 it is given. */
function maximaLoss(loss: VMaxLoss, { size, lanes }: GridLossSettings): GridLoss {
  const room = createUnitRoom(size)
  return (observed, trial, label, explicit) => {
    const { maxima, steps } = readoutOf(observed)
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

/** The integral is the sum of dt e^{-t/tau} V over the points of the grid. */
function integralLoss(loss: LiIntegralLoss, { size, lanes, grid }: GridLossSettings): GridLoss {
  const room = createUnitRoom(size)
  const shares = fadingShares(grid, loss.tau, grid.dt)
  const integrals = new Float64Array(size)
  const slopes = new Float64Array(size)
  return (observed, trial, label, explicit) => {
    const { readout } = readoutOf(observed)
    integrals.fill(0)
    for (let k = 0; k < grid.steps; k++)
      for (let unit = 0; unit < size; unit++) {
        const voltage = readout.tape[k * lanes + unit] as number
        integrals[unit] = (integrals[unit] as number) + (shares[k] as number) * voltage
      }
    // One row, of this trial.
    const result = evaluateIntegralLoss(loss, size, integrals, 0, requireLabel(loss, size, trial, label), slopes, room)
    for (let k = 0; k < grid.steps; k++)
      for (let unit = 0; unit < size; unit++)
        explicit[k * lanes + unit] = (shares[k] as number) * (slopes[unit] as number)
    return result
  }
}

/**
 * A spike comes at the end of the time in which the threshold has not been reached since the spike before it: dt times
 * the number of points up to it. Every one of these points has a share in it,
 *
 *     dL/ds_k = -dL/dt slope dt        (k from the spike before to this one)
 *
 * As dt -> 0 and slope -> Infinity the surrogate derivatives of these points add up to 1 / (dV/dt) at the crossing, so
 * that the gradient becomes the exact one of the crossing's time.
 */
function spikeTimeLoss(
  loss: FirstSpikeLoss | SpikeTimesLoss | LinearLoss,
  { size, lanes, grid, slope }: GridLossSettings,
): GridLoss {
  const room = createUnitRoom(size)
  return (observed, trial, label, explicit) => {
    const trains = trainsOf(observed)
    const byTime = new Float64Array(trains.times.length)
    const result = evaluateSpikeLoss(loss, size, trains, trial, label, byTime, room)
    explicit.fill(0)
    const next = new Int32Array(size).fill(1)
    const end = trains.offsets[trial + 1] as number
    for (let spike = trains.offsets[trial] as number; spike < end; spike++) {
      const unit = trains.units[spike] as number
      const share = -(byTime[spike] as number) * slope * grid.dt
      const last = Math.round((trains.times[spike] as number) / grid.dt)
      for (let k = next[unit] as number; k <= last; k++) explicit[k * lanes + unit] = share
      next[unit] = last + 1
    }
    return result
  }
}

/** The count is a sum over all points, sum of s_k e^{-t_k / tau}: each has a share in it, whether there was a spike. */
function spikeCountLoss(loss: SpikeCountLoss, { size, lanes, grid }: GridLossSettings): GridLoss {
  const room = createUnitRoom(size)
  const shares = fadingShares(grid, loss.tau, 1)
  return (observed, trial, label, explicit) => {
    const trains = trainsOf(observed)
    const result = evaluateSpikeLoss(loss, size, trains, trial, label, new Float64Array(trains.times.length), room)
    for (let k = 0; k < grid.steps; k++)
      for (let unit = 0; unit < size; unit++)
        explicit[k * lanes + unit] = (room.slopes[unit] as number) * (shares[k] as number)
    return result
  }
}

/**
 * With D = 1/2 sum over pairs of jumps of sigma sigma' e^{-|t - t'|/tau}, a spike at a point would change it by
 *
 *     dL/ds_k = sum over jumps of the unit of sigma e^{-|t_k - t| / tau}
 *
 * sigma being 1 of a spike and -1 of a target.
 */
function vanRossumLoss(loss: VanRossumLoss, { size, lanes, grid }: GridLossSettings): GridLoss {
  return (observed, trial, label, explicit) => {
    const trains = trainsOf(observed)
    const result = evaluateSpikeLoss(loss, size, trains, trial, label, new Float64Array(trains.times.length))
    explicit.fill(0)
    addPulls(trains, trial, 1)
    addPulls(loss.targets, label ?? 0, -1)
    return result

    function addPulls({ offsets, times, units }: SpikeTrains, of: number, sign: 1 | -1): void {
      for (let jump = offsets[of] as number; jump < (offsets[of + 1] as number); jump++)
        for (let k = 0; k < grid.steps; k++) {
          const at = k * lanes + (units[jump] as number)
          const pull = sign * exp(-Math.abs(k * grid.dt - (times[jump] as number)) / loss.tau)
          explicit[at] = (explicit[at] as number) + pull
        }
    }
  }
}

/** scale e^{-t/tau} at every point. */
function fadingShares({ dt, steps }: TimeGrid, tau: number, scale: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, k) => scale * exp((-k * dt) / tau))
}

function trainsOf(observed: GridObservation): SpikeTrains {
  return (observed as GridObservation & { kind: 'lif' }).spikes.trains()
}

function readoutOf(observed: GridObservation): MaximaRecorder {
  return (observed as GridObservation & { kind: 'li' }).maxima
}
