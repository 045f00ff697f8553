import { restoreOriginal } from '../../dynamics/noise/perturb-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Loss } from '../loss.js'
import { integralOf } from '../loss-view.js'
import type { AnyLoss } from '../losses/any-loss.js'
import type {
  GridData,
  GridLoss,
  GridSetting,
  LossRecord,
  LossTrial,
  Observed,
  ObservedData,
} from '../losses/loss-record.js'
import type { TrialLoss } from '../losses/trial-loss.js'
import { createUnitWorkspace } from '../losses/unit-workspace.js'
import type { MaximaRecorder } from './maxima-recorder.js'
import type { GridReadout } from './noise/grid-readout.js'
import { fadingShares } from './time-grid.js'

/** What a loss says of a trial, wherever that is. */
type Evaluate = (trial: Omit<LossTrial<ObservedData[Observed]>, 'size' | 'until' | 'room'>) => TrialLoss

/** A loss that says nothing of the grid: its derivatives are shared by the points. */
export function createGridShares(
  loss: Loss,
  record: LossRecord<AnyLoss>,
  setting: GridSetting,
  readout: GridReadout | null,
): GridLoss<GridData[Observed]> {
  const { size, until } = setting
  const room = createUnitWorkspace(size)
  const evaluate: Evaluate = (trial) => record.evaluate(loss, { ...trial, size, until, room })
  switch (record.observes) {
    case 'spikes':
      return ofSpikes(evaluate, setting, readout)
    case 'maxima':
      return ofMaxima(evaluate, setting)
    case 'integral':
      return ofIntegrals(evaluate, setting, integralOf(loss)?.tau ?? Number.POSITIVE_INFINITY)
  }
}

/** dL/dV stands where the voltage is largest; at t = 0 it is given. */
function ofMaxima(evaluate: Evaluate, { size, lanes }: GridSetting): GridLoss<MaximaRecorder> {
  return {
    evaluate({ observed: { maxima, steps }, trial, label, explicit }) {
      const peaks = new Float64Array(maxima.values.length)
      const result = evaluate({ observed: maxima, trial, label, explicit: peaks })
      explicit.fill(0)
      for (let unit = 0; unit < size; unit++) {
        const at = trial * size + unit
        explicit[(steps[at] as number) * lanes + unit] = peaks[at] as number
      }
      return result
    },
  }
}

/** The integral is the sum of dt e^{-t/tau} V over the points of the grid. */
function ofIntegrals(evaluate: Evaluate, { size, lanes, grid }: GridSetting, tau: number): GridLoss<MaximaRecorder> {
  const shares = fadingShares(grid, tau, grid.dt)
  const integrals = new Float64Array(size)
  const slopes = new Float64Array(size)
  return {
    evaluate({ observed: { readout }, label, explicit }) {
      integrals.fill(0)
      for (let k = 0; k < grid.steps; k++)
        for (let unit = 0; unit < size; unit++) {
          const voltage = readout.tape[k * lanes + unit] as number
          integrals[unit] = (integrals[unit] as number) + (shares[k] as number) * voltage
        }
      // One row, of this trial.
      const result = evaluate({ observed: integrals, trial: 0, label, explicit: slopes })
      for (let k = 0; k < grid.steps; k++)
        for (let unit = 0; unit < size; unit++)
          explicit[k * lanes + unit] = (shares[k] as number) * (slopes[unit] as number)
      return result
    },
  }
}

/**
 * A spike comes at the end of the time in which the threshold has not been reached since the spike before it: dt times
 * the number of points up to it. Every one of these points has a share in it,
 *
 *     dL/ds_k = -dL/dt slope dt        (k from the spike before to this one)
 *
 * As dt -> 0 and slope -> Infinity the surrogate derivatives of these points add up to 1 / (dV/dt) at the crossing, so
 * that the gradient becomes the exact one of the crossing's time. What is read out at another time than that of its spike
 * moves along with it.
 */
function ofSpikes(
  evaluate: Evaluate,
  { size, lanes, grid, slope }: GridSetting,
  readout: GridReadout | null,
): GridLoss<SpikeTrains> {
  return {
    evaluate({ observed: trains, trial, label, explicit }) {
      const read = readout?.read(trial) ?? null
      const observed = read?.trains ?? trains
      const slopes = new Float64Array(observed.times.length)
      const result = evaluate({ observed, trial, label, explicit: slopes })
      explicit.fill(0)
      const next = new Int32Array(size).fill(1)
      const from = trains.offsets[trial] as number
      const end = trains.offsets[trial + 1] as number
      const byTime = read === null ? slopes.subarray(from) : restoreOriginal(read.places, slopes, 1, end - from)
      for (let spike = from; spike < end; spike++) {
        const unit = trains.units[spike] as number
        const share = -(byTime[spike - from] as number) * slope * grid.dt
        const last = Math.round((trains.times[spike] as number) / grid.dt)
        for (let k = next[unit] as number; k <= last; k++) explicit[k * lanes + unit] = share
        next[unit] = last + 1
      }
      return result
    },
  }
}
