/** What every user-defined loss receives of a trial, beside what it observes. All of it is a copy: it may be changed. */
export interface TrialView {
  /** Of the trial; null where it has none. */
  readonly label: number | null
  /** Units of the group. */
  readonly size: number
  /** End of the trial in ms; Infinity: it ran until nothing could happen any more. */
  readonly until: number
}

/** The spikes of one trial, in the order of (time, unit); times in ms. */
export interface SpikeView extends TrialView {
  readonly times: Float64Array
  readonly units: Uint32Array
}

/** The maximum of each unit's voltage over one trial, and when it was reached first, in ms. */
export interface MaximaView extends TrialView {
  readonly maxima: Float64Array
  readonly times: Float64Array
}

/** ∫_0^until e^{-t/tau} V dt of each unit, in one trial. */
export interface IntegralView extends TrialView {
  readonly integrals: Float64Array
}

/** A trial on the grid of time of `openSurrogate`: points 0, dt, 2 dt, … */
export interface GridView extends TrialView {
  /** In ms. */
  readonly dt: number
  /** How many points there are. */
  readonly steps: number
  /** Of the surrogate derivative. */
  readonly slope: number
}

/** The spikes of a trial on the grid. */
export interface SpikeGridView extends SpikeView, GridView {}

/** The voltages of a trial on the grid, at [step · size + unit]. */
export interface VoltageGridView extends GridView {
  readonly voltages: Float64Array
}

/** What a user-defined loss returns for a trial. */
export interface LossResult {
  /** Null: it is undefined, as where the label's unit was silent; then it has no derivatives. */
  readonly loss: number | null
  /** The label it would give the trial; default: null, none. */
  readonly prediction?: number | null
  /**
   * dL/d(time) of every spike, in the order of the view, in 1/ms; or dL/d(number) of every unit, as the view has them. On
   * the grid, at [step · size + unit], dL/ds of a spike there, or dL/dV. May be left out where the loss is null.
   */
  readonly gradients?: ArrayLike<number>
}

/** The fields of every user-defined loss. */
export interface NamedLoss {
  /** What it is called in errors, and in the settings that checkpoints compare. */
  readonly name: string
  /**
   * 'unit': a label is a unit of the group, and every trial needs one; it is the one that `silentLabelHinge` wants to
   * spike. 'any' leaves labels to the loss. Default 'any'.
   */
  readonly labels?: 'unit' | 'any'
}

/** A loss on the spikes of an lif group. */
export interface SpikeLossDefinition extends NamedLoss {
  readonly observes: 'spikes'
  evaluate(view: SpikeView): LossResult
  /** For `openSurrogate`. Default: a spike's derivative by its time is shared by the points of the grid before it. */
  evaluateOnGrid?(view: SpikeGridView): LossResult
}

/** A loss on the largest voltages of an li group. */
export interface MaximaLossDefinition extends NamedLoss {
  readonly observes: 'maxima'
  evaluate(view: MaximaView): LossResult
  /** For `openSurrogate`. Default: the derivative stands where the voltage is largest. */
  evaluateOnGrid?(view: VoltageGridView): LossResult
}

/** A loss on integrals ∫ e^{-t/tau} V dt over the voltages of an li group. */
export interface IntegralLossDefinition extends NamedLoss {
  readonly observes: 'integral'
  /** In ms. Default: Infinity, the plain integral, which needs trials that end. */
  readonly tau?: number
  evaluate(view: IntegralView): LossResult
  /** For `openSurrogate`. Default: the integral is a sum over the points of the grid. */
  evaluateOnGrid?(view: VoltageGridView): LossResult
}

/**
 * A user-defined loss. `evaluate` is a pure function of its view: it is called once per trial and run, in the process that
 * holds the first neurons of the group, and again when a run is repeated.
 */
export type LossDefinition = SpikeLossDefinition | MaximaLossDefinition | IntegralLossDefinition
