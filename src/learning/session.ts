/// <reference lib="esnext.disposable" preserve="true" />
import type { KernelChoice } from '../dynamics/kernels/choose-kernel.js'
import type { MemoryTraffic } from '../dynamics/traffic/memory-traffic.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { KnownName } from '../network/description/known-name.js'
import type { Network } from '../network/description/network.js'
import type { TauField } from '../network/description/time-constants.js'
import type { NeuronParameterKind } from '../network/models/neuron-model.js'
import type { Labels } from './labels.js'
import type { Loss, LossOn } from './loss.js'
import type { Maxima } from './maxima.js'
import type { DeviceNoise, NoiseOptions } from './noise/device-noise.js'
import type { Dropout } from './noise/dropout.js'
import type { SplitName, TaskFingerprint, TaskOrigin, TrainingDraw } from './task.js'

export type { Maxima } from './maxima.js'

/** A mini-batch of trials; sources that are absent emit nothing, but what they emit by themselves. A trial is [0, until). */
export interface Trials {
  readonly count: number
  readonly until: number
  readonly inputs: Readonly<Record<string, SpikeTrains>>
  /** Which samples of a task these inputs are, for sessions whose partitions can encode them; they then leave `inputs` alone. */
  readonly samples?: TaskSamples
}

/** Samples of a task that can be made elsewhere, too. Plain data. */
export interface TaskSamples {
  readonly origin: TaskOrigin
  /** Of the task as it is here. */
  readonly fingerprint: TaskFingerprint
  readonly split: SplitName
  /** One per trial. */
  readonly numbers: Uint32Array
  /** In training: what augmentation is a function of. */
  readonly draw?: TrainingDraw
}

export interface LabelledTrials extends Trials {
  /** One per trial; 16 bits each where there are more than 256 classes. */
  readonly labels: Labels
}

/** What a simulation shows. */
export interface Recording {
  readonly spikes: Readonly<Record<string, SpikeTrains>>
  readonly maxima: Readonly<Record<string, Maxima>>
}

/** The learnable numbers of a network (or their gradients), keyed by projection key and group name. */
export interface Parameters {
  readonly projections: Readonly<Record<string, { readonly weights: Float64Array; readonly delays: Float64Array }>>
  readonly groups: Readonly<Record<string, GroupParameters>>
}

export interface GroupParameters {
  readonly bias: Float64Array
  /** Absent in LI groups. */
  readonly threshold?: Float64Array
  readonly adaptStep?: Float64Array
  /**
   * The time constants that the group is described by, in ms: length 1 where the description gives one number for the
   * whole group, else one per neuron.
   */
  readonly tauMem?: Float64Array
  readonly tauSyn?: Float64Array
  readonly tauSynExc?: Float64Array
  readonly tauSynInh?: Float64Array
  readonly tauAdapt?: Float64Array
}

export interface GradientResult {
  /** One per trial; null where the label unit was silent. */
  readonly losses: readonly (number | null)[]
  readonly recording: Recording
  /** Sums over trials; never clipped. */
  readonly gradients: Parameters
  /** dL/d(input spike time) per source group that is given its spikes, in their order. */
  readonly inputTimes: Readonly<Record<string, Float64Array>>
  /** Spikes whose slope at the crossing was so small that the gradient is unreliable. */
  readonly grazing: number
}

export type ParameterKind = 'weights' | 'delays' | NeuronParameterKind | 'taus'

/**
 * Strength per kind, from 0, in 1 / (unit of the learning rate). Beside the optimiser's step a parameter loses
 * rate · decay · p, decoupled from the gradient. Thresholds and time constants have no 0 to decay to.
 */
export type Decay = Readonly<Partial<Record<Exclude<ParameterKind, 'thresholds' | 'taus'>, number>>>

export type OptimizerKind =
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly momentum: number }

/** Everything one training step needs beside its trials. */
export interface StepOptions {
  readonly loss: Loss
  readonly optimizer: OptimizerKind
  /** Learning rate of this step per learned kind; a kind that is absent is not learned. */
  readonly rates: Readonly<Partial<Record<ParameterKind, number>>>
  /**
   * Without bounds of their own time constants stay within a quarter and four times their start each. What the model allows
   * holds whatever is said here: see `modelLimits`.
   */
  readonly bounds: Readonly<Partial<Record<ParameterKind, readonly [min: number, max: number]>>>
  /** Draws parameters of learned kinds towards 0; default: none. */
  readonly decay?: Decay
  /** Largest Euclidean norm of the mean gradient; Infinity, the default of a training, never clips. */
  readonly clipNorm: number
  /**
   * strength · max(0, threshold - vMax), summed over the silent label units of the loss group, which brings them back. 0, the
   * default of a training: off.
   */
  readonly silentLabelHinge: number
  /** The same over every silent neuron of the named groups; none by default in a training. */
  readonly silentHinge: Readonly<Record<string, number>>
  /**
   * Heuristic, not a gradient: added to every incoming weight of a neuron silent over the whole batch, per group; none by
   * default in a training.
   */
  readonly silentWeightStep: Readonly<Record<string, number>>
  /** What the device does that the step is taken on; with `draw` for its realisation. Default: nothing. */
  readonly noise?: DeviceNoise
  /** Default: no spike is dropped. */
  readonly dropout?: Dropout
  /** Number of the realisation of noise and dropout; default 0. */
  readonly draw?: number
}

export interface StepResult {
  readonly losses: readonly (number | null)[]
  /** Predicted label per trial, -1 where every output was silent. */
  readonly predictions: Int32Array
  readonly grazing: number
  /** Share of (hidden neuron, trial) pairs without a spike. */
  readonly silentFraction: number
  readonly gradientNorm: number
  /** What a person needs to see what is wrong; absent if the session does not look. */
  readonly diagnosis?: StepDiagnosis
}

/** How groups and gradients fared in one training step. */
export interface StepDiagnosis {
  /** Every lif and li group, by name. */
  readonly groups: Readonly<Record<string, GroupDiagnosis>>
  /** Norm of the mean gradient per learned kind, before clipping. */
  readonly gradientNorms: Readonly<Partial<Record<ParameterKind, number>>>
}

/** An LI group has no spikes: of it there are the norm, and its voltages in `readout`. */
export interface GroupDiagnosis {
  /** Of each neuron, over all trials; empty in an LI group. */
  readonly spikes: Float64Array
  /** (neuron, trial) pairs; those without a spike; those with more spikes than `saturationLimit`. */
  readonly pairs: number
  readonly silent: number
  readonly saturated: number
  /** Spikes whose slope at the crossing was so small that the gradient is unreliable. */
  readonly grazing: number
  /** Of the mean gradient of what is learned in the group and in the synapses into it; null if nothing is. */
  readonly gradientNorm: number | null
  /** Of an LI group alone. */
  readonly readout?: ReadoutVoltages
}

/** What the voltages of an LI group did in one training step, per unit. */
export interface ReadoutVoltages {
  readonly trials: number
  /** Maximum of the voltage over a trial, summed over the trials. */
  readonly maxima: Float64Array
  /** Trials in which the voltage never rose: its maximum is where it began, and no weight moves that. */
  readonly unrisen: Float64Array
}

export interface EvaluationResult {
  readonly losses: readonly (number | null)[]
  readonly predictions: Int32Array
  readonly silentFraction: number
  /** Spikes of all hidden neurons over all trials, as far as they were looked at: a first-spike loss may stop early. */
  readonly hiddenSpikes: number
}

export interface SimulateOptions<Names extends string = string> extends NoiseOptions {
  /** Groups to record; default: all lif and li groups. */
  readonly record?: readonly Names[]
}

/** The memory of the optimiser of one array of parameters, of a whole group or projection, or of a slice of it. */
export interface OptimizerMemory {
  readonly kind: ParameterKind
  /** Key of the projection whose weights or delays these are, or name of the group. */
  readonly of: string
  /** Of time constants: which. */
  readonly field?: TauField
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

/**
 * The one handle to a running network; a trainer cannot tell a local one from a cluster. `Names` are the groups of the
 * network, where its type tells them: a misspelt one is a compile error then.
 */
export interface Session<Names extends string = string> extends AsyncDisposable {
  readonly network: Network<Names>
  /**
   * What computes each group of neurons, and what keeps it from a quicker engine. Absent where nothing is computed event by
   * event.
   */
  readonly kernels?: readonly KernelChoice[]
  simulate<Group extends string>(trials: Trials, options?: SimulateOptions<KnownName<Group, Names>>): Promise<Recording>
  evaluate<Group extends string>(
    trials: LabelledTrials,
    loss: LossOn<Group, Names>,
    options?: NoiseOptions,
  ): Promise<EvaluationResult>
  gradient<Group extends string>(
    trials: Trials,
    loss: LossOn<Group, Names>,
    labels?: Labels,
    options?: NoiseOptions,
  ): Promise<GradientResult>
  train<Group extends string>(
    trials: LabelledTrials,
    step: StepOptions & { readonly loss: LossOn<Group, Names> },
  ): Promise<StepResult>
  /**
   * As `train`, on the parameters that the step before it leaves, and only if that one is taken; else it rejects with a
   * `RunError` STEP_NOT_TAKEN. For callers that request a step while the step before it is in progress: there it pays. Absent
   * where it would not.
   *
   * The trials are to be left alone until it resolves.
   */
  trainAhead?<Group extends string>(
    trials: LabelledTrials,
    step: StepOptions & { readonly loss: LossOn<Group, Names> },
  ): Promise<StepResult>
  parameters(): Promise<Parameters>
  /** Everything that learning has changed: parameters and the memory of the optimiser. */
  save(): Promise<SessionState>
  /**
   * Continues from a state, with the same bits as the session that saved it, wherever either is placed.
   *
   * Raises `InputError`, and changes nothing, for a state of another network (STATE_MISMATCH), numbers that the network could
   * not be described with (the codes of `defineNetwork`), an optimiser's memory that no step could have left
   * (OPTIMIZER_STATE_INVALID, NUMBER_NOT_FINITE), and delays that would let spikes round a cycle in no time (DELAY_CYCLE).
   */
  restore(state: SessionState): Promise<void>
  /**
   * Computes with other parameters from the next run on, with the same bits as a session that is opened on a network of
   * these numbers. The memory of the optimiser stays. Time constants that are left out stay what they are.
   *
   * Raises `InputError` as `restore` does, and changes nothing then.
   */
  setParameters(parameters: Parameters): Promise<void>
  /**
   * Bytes read and written by all passes over trials so far; where partitions were restarted, since then. The same
   * on every placement, with any number of threads, and however a run is cut into windows, segments or micro-batches. A
   * figure says nothing without the length of the trials, the mini-batch and the spike counts.
   */
  memoryTraffic?(): Promise<MemoryTraffic>
  close(): Promise<void>
}
