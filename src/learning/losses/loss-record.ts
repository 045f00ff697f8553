import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Maxima } from '../maxima.js'
import type { MaximaRecorder } from '../surrogate/maxima-recorder.js'
import type { TimeGrid } from '../surrogate/time-grid.js'
import type { AnyLoss } from './any-loss.js'
import type { LossFields } from './loss-fields.js'
import type { LossLabels } from './loss-labels.js'
import type { TrialLoss } from './trial-loss.js'
import type { UnitWorkspace } from './unit-workspace.js'

/** What of its group a loss may look at: the spikes of an lif group; of an li group one number per unit. */
export const OBSERVED = ['spikes', 'maxima', 'integral'] as const

export type Observed = (typeof OBSERVED)[number]

/** What a loss is shown, of all trials of a run; integrals are row-major [trial][unit]. */
export interface ObservedData {
  readonly spikes: SpikeTrains
  readonly maxima: Maxima
  readonly integral: Float64Array
}

/** The same on a grid of time, where a readout shows its voltage at every point of the last trial. */
export interface GridData {
  readonly spikes: SpikeTrains
  readonly maxima: MaximaRecorder
  readonly integral: MaximaRecorder
}

/** Where a loss is evaluated. */
export interface LossSetting {
  /** Units of its group. */
  readonly size: number
  /** End of the trials in ms. */
  readonly until: number
}

/** One trial, as a loss is asked about it. */
export interface LossTrial<Data> extends LossSetting {
  readonly observed: Data
  readonly trial: number
  /** -1: none; a loss that needs one is never asked without. */
  readonly label: number
  /**
   * Where dL/dt_k in 1/ms goes for every spike k of this trial; of a readout dL/d(number) at [trial · size + unit]. The
   * entries of other trials are left alone.
   */
  readonly explicit: Float64Array
  /** The same for all trials of a run. */
  readonly room: UnitWorkspace
}

/** Where a loss is evaluated on a grid of time. */
export interface GridSetting extends LossSetting {
  /** Length of a row of `explicit`. */
  readonly lanes: number
  readonly grid: TimeGrid
  readonly slope: number
}

/** One trial on a grid, the last one that was shown. */
export interface GridTrial<Data> {
  readonly observed: Data
  readonly trial: number
  /** As in `LossTrial`. */
  readonly label: number
  /** Where the derivatives go, at [step · lanes + unit]: dL/ds of what spikes, dL/dV of a readout. */
  readonly explicit: Float32Array
}

/** A loss on a grid of time, with whatever it keeps from trial to trial. */
export interface GridLoss<Data> {
  /** The loss of one trial; writes its derivatives. */
  evaluate(trial: GridTrial<Data>): TrialLoss
}

/**
 * Everything about a kind of loss. All code that handles losses reads these records and never tells kinds apart by name.
 */
export interface LossRecord<Own extends AnyLoss, What extends Observed = Observed> {
  readonly kind: Own['kind']
  readonly observes: What
  /** What it says beside its kind and group, in that order. */
  readonly fields: LossFields<Own>
  readonly labels: LossLabels<Own>
  /** No spike but the first of each unit moves the loss: the others need not be emitted. Default: they do. */
  looksAtFirstSpikes?(loss: Own): boolean
  /** Raises `InputError` if it cannot be evaluated on such a group and trials; its values are checked by then. */
  check?(loss: Own, setting: LossSetting): void
  /** The loss of one trial; writes its derivatives. */
  evaluate(loss: Own, trial: LossTrial<ObservedData[What]>): TrialLoss
  /**
   * The same on a grid of time. Default: what is said by `evaluate` is turned into shares of the points of the grid, see
   * `grid-shares.ts`.
   */
  onGrid?(loss: Own, setting: GridSetting): GridLoss<GridData[What]>
}
