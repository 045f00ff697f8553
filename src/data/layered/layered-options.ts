/**
 * Which projections of a layered network a setting is about: into the first hidden layer, between hidden layers, within
 * one, or out of the last.
 */
export type ProjectionRole = 'input' | 'hidden' | 'recurrent' | 'output'

export const PROJECTION_ROLES: readonly ProjectionRole[] = Object.freeze(['input', 'hidden', 'recurrent', 'output'])

/**
 * How the initial weights of a projection are drawn, normally distributed: with a mean and standard deviation, or with
 *
 *     mean = drive / fanIn        std = spread / sqrt(fanIn)
 *
 * which keeps the mean and spread of the sum over all sources alike, whatever their number.
 */
export type WeightDraw =
  | { readonly mean: number; readonly std: number }
  | { readonly drive: number; readonly spread: number }

/** Uniform on [low, high), in ms, one delay per synapse. */
export interface DelayDraw {
  readonly low: number
  readonly high: number
}

/** A time constant that all neurons have, or a range in which each has one of its own, uniform on [low, high). In ms. */
export type TimeConstant = number | { readonly low: number; readonly high: number }

/** What the neurons of a layered network have; those of `output` the middle of a range. */
export interface LayeredNeuron {
  readonly tauMem: TimeConstant
  readonly tauSyn: TimeConstant
  /** Default 1. */
  readonly threshold?: number
}

/** The network of a task: source `input`, one or more layers of lif neurons, and `output`. Times in ms. */
export interface LayeredOptions {
  /** Neurons of the hidden layer `hidden`, or of each of several: `hidden1`, `hidden2`, … */
  readonly hidden?: number | readonly number[]
  /** Joins every hidden layer to itself. */
  readonly recurrent?: boolean
  /** What `output` is: neurons that spike, or leaky integrators. */
  readonly readout?: 'lif' | 'li'
  readonly neuron?: LayeredNeuron
  /**
   * Membrane time constants of the leaky integrators of `output` in ms: one unit of each class for every constant;
   * their scores are added up (the `unitsPerClass` of its loss). Default: one, that of `neuron`.
   */
  readonly readoutTaus?: readonly number[]
  /** Initial bias of the hidden neurons. */
  readonly bias?: number
  /** Lets the thresholds of the hidden neurons adapt, as `adaptive` says. */
  readonly adaptation?: boolean
  readonly adaptive?: { readonly adaptStep: number; readonly tauAdapt: number }
  /** Initial weights per role; the roles that are absent keep the task's default. */
  readonly weights?: Readonly<Partial<Record<ProjectionRole, WeightDraw>>>
  /** Gives every synapse of the projections named in `delays` a delay of its own. */
  readonly learnDelays?: boolean
  /** Which projections have delays with `learnDelays`, and how they are drawn. */
  readonly delays?: Readonly<Partial<Record<ProjectionRole, DelayDraw>>>
}

/** The options with every default filled in. */
export type LayeredSettings = Required<Omit<LayeredOptions, 'readoutTaus'>> & {
  /** Empty: that of `neuron`. */
  readonly readoutTaus?: readonly number[]
  readonly weights: Readonly<Record<ProjectionRole, WeightDraw>>
}
