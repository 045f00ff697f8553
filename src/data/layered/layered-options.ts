/**
 * The projections of a layered network that a setting applies to: into the first hidden layer, between hidden layers,
 * within a hidden layer, or out of the last one.
 */
export type ProjectionRole = 'input' | 'hidden' | 'recurrent' | 'output'

export const PROJECTION_ROLES: readonly ProjectionRole[] = Object.freeze(['input', 'hidden', 'recurrent', 'output'])

/**
 * The normal distribution of the initial weights of a projection: its mean and standard deviation, or
 *
 *     mean = drive / fanIn        std = spread / sqrt(fanIn)
 *
 * so that mean and spread of the sum over all sources are independent of their number.
 */
export type WeightDraw =
  | { readonly mean: number; readonly std: number }
  | { readonly drive: number; readonly spread: number }

/** Uniform on [low, high), in ms, one delay per synapse. */
export interface DelayDraw {
  readonly low: number
  readonly high: number
}

/** A time constant in ms, common to all neurons, or drawn for each one, uniform on [low, high). */
export type TimeConstant = number | { readonly low: number; readonly high: number }

/** Parameters of the neurons of a layered network; the neurons of `output` have the middle of a range. */
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
  /** Adds a projection from every hidden layer to itself. */
  readonly recurrent?: boolean
  /** The model of `output`: spiking neurons, or leaky integrators. */
  readonly readout?: 'lif' | 'li'
  readonly neuron?: LayeredNeuron
  /**
   * Membrane time constants of the leaky integrators of `output` in ms: one unit per class for every constant;
   * the scores of a class are added (`unitsPerClass` of the loss). Default: one, that of `neuron`.
   */
  readonly readoutTaus?: readonly number[]
  /** Initial bias of the hidden neurons. */
  readonly bias?: number
  /** Whether the thresholds of the hidden neurons adapt, with the parameters of `adaptive`. */
  readonly adaptation?: boolean
  readonly adaptive?: { readonly adaptStep: number; readonly tauAdapt: number }
  /** Initial weights per role; default: those of the task. */
  readonly weights?: Readonly<Partial<Record<ProjectionRole, WeightDraw>>>
  /** Whether the synapses of the projections in `delays` have a delay each. */
  readonly learnDelays?: boolean
  /** The projections that have delays with `learnDelays`, and the distribution of the initial delays. */
  readonly delays?: Readonly<Partial<Record<ProjectionRole, DelayDraw>>>
}

/** The options with every default filled in. */
export type LayeredSettings = Required<Omit<LayeredOptions, 'readoutTaus'>> & {
  /** Empty: the time constant of `neuron`. */
  readonly readoutTaus?: readonly number[]
  readonly weights: Readonly<Record<ProjectionRole, WeightDraw>>
}
