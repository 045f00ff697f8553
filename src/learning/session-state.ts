import type { GroupParameters, OptimizerKind, ParameterKind, Parameters } from './session.js'

/** The memory of the optimiser of one array of parameters, of a whole group or projection, or of a slice of it. */
export interface OptimizerMemory {
  readonly kind: ParameterKind
  /** Key of the projection whose weights or delays these are, or name of the group. */
  readonly of: string
  /** How it learns. */
  readonly method: OptimizerKind
  /** Running products and the like. */
  readonly scalars: readonly number[]
  /** In the places of the parameters; one array per moment. */
  readonly moments: readonly Float64Array[]
}

/**
 * Everything that learning has changed in a session, as plain data: enough to go on with the same bits, wherever the
 * network is placed then.
 */
export interface SessionState {
  readonly parameters: Parameters
  /** Of the arrays that have been learned, in file order. */
  readonly memories: readonly OptimizerMemory[]
}

/** What parameters of neurons are called in `GroupParameters`. */
export const GROUP_FIELDS = Object.freeze({
  thresholds: 'threshold',
  adaptation: 'adaptStep',
  bias: 'bias',
} as const) satisfies Readonly<Record<Exclude<ParameterKind, 'weights' | 'delays'>, keyof GroupParameters>>
