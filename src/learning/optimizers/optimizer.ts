import type { OptimizerKind } from '../session.js'

/** How one step is taken. */
export interface StepSize {
  readonly rate: number
  /** Multiplies the gradients first: 1 / trials for a mean, times the clipping factor. */
  readonly scale: number
  /** What of a parameter is kept beside its step, 1 - rate · decay; default 1: no decay. */
  readonly keep?: number
  /** Parameters are projected onto [min, max] after the step. */
  readonly min: number
  readonly max: number
}

/** The memory of an optimiser as plain arrays, enough to go on with the same bits. */
export interface OptimizerState {
  readonly kind: OptimizerKind['kind']
  /** Running products and the like. */
  readonly scalars: readonly number[]
  /** One array of the parameters' length per moment. */
  readonly moments: readonly Float64Array[]
}

/** Updates one array of parameters, entry by entry, so that a slice of it takes the same steps as the whole. */
export interface Optimizer {
  /** One step, in place; `gradients` is left alone. Both have the length the optimiser was created with. */
  step(parameters: Float64Array, gradients: Float64Array, size: StepSize): void
  /** The same where a kernel has both in an order of its own; else absent. */
  stepInRows?(size: StepSize): void
  /** A copy. */
  state(): OptimizerState
  /** Raises `InputError` OPTIMIZER_STATE_MISMATCH if the state belongs to another kind or length. */
  restore(state: OptimizerState): void
  /** A copy for `putBack` alone; in the arrays of an earlier one of the same optimiser, if it is given. */
  keep(earlier?: OptimizerState): OptimizerState
  putBack(kept: OptimizerState): void
}

/** What a trainer receives: the kind of optimiser, and the initial learning rate. */
export interface OptimizerChoice {
  readonly learningRate: number
  readonly kind: OptimizerKind
}
