import type { Loss } from './loss.js'
import type { NoiseChoice } from './noise/device-noise.js'
import type { Dropout } from './noise/dropout.js'
import type { OptimizerChoice } from './optimizers/optimizer.js'
import type { LearningRateSchedule } from './schedules.js'
import type { ParameterKind, StepOptions } from './session.js'
import type { SpikeBudget } from './spike-budget.js'
import type { TrainingPoint } from './training-point.js'

/** A clock handed in by the caller: learning itself never looks at the time. In seconds from any origin. */
export interface TrainingClock {
  wall(): number
  cpu(): number
}

/** Where a run stands after a mini-batch. */
export interface StepProgress {
  /** 1, 2, … */
  readonly epoch: number
  readonly epochs: number
  /** 1 … steps within this epoch. */
  readonly step: number
  readonly steps: number
  /** Samples of this epoch that are done. */
  readonly samples: number
  /** Mean loss of this mini-batch; null if every label was silent. */
  readonly loss: number | null
  /** Mean gradient's norm before clipping. */
  readonly gradientNorm: number
  /** The learning rate of this step, before the factor of each kind. */
  readonly learningRate: number
}

export type NoisePlace = 'train' | 'test' | 'both'

/** How a network is trained. */
export interface TrainOptions
  extends Partial<Omit<StepOptions, 'loss' | 'optimizer' | 'rates' | 'bounds' | 'noise' | 'dropout' | 'draw'>> {
  /** `adam({ learningRate })` or `sgd({ learningRate })`. */
  readonly optimizer: OptimizerChoice
  readonly epochs: number
  /** Default `['weights']`. */
  readonly learn?: readonly ParameterKind[]
  /** Default: the task's. */
  readonly loss?: Loss
  /** Trials per step; default 32. */
  readonly batch?: number
  /** Of the shuffling; an integer from 0, default 0. */
  readonly seed?: number
  /** Default: down to 2 % of the start over the run. */
  readonly schedule?: LearningRateSchedule
  /**
   * Starting rate per learned kind, in the parameter's unit. Default: the optimiser's learning rate times 20 for delays
   * and 5 for time constants (ms), 1/5 for thresholds, 3/10 for adaptation, 1 for weights and bias.
   */
  readonly rates?: Readonly<Partial<Record<ParameterKind, number>>>
  /** [min, max] per learned kind; default: see `defaultBounds`, and for time constants `StepOptions`. */
  readonly bounds?: Readonly<Partial<Record<ParameterKind, readonly [min: number, max: number]>>>
  /** Heuristic: holds the named groups to a number of spikes, by a push whose strength adapts; see `SpikeBudget`. */
  readonly spikeBudget?: Readonly<Record<string, SpikeBudget>>
  /** Spikes that are left out while training, by chance; its seed is that of the training. Default: none. */
  readonly dropout?: Omit<Dropout, 'seed'>
  /**
   * The device that is trained on and measured with; default: an exact one. Its seed is that of the training unless it has
   * one. Each step and each epoch is a draw of its own.
   */
  readonly noise?: NoiseChoice
  /** Where the noise is: in the training, in the measurement of the validation split, or in both, the default. */
  readonly noiseIn?: NoisePlace
  /** Leave out the samples that do not fill a mini-batch; default false. */
  readonly dropLast?: boolean
  /** Stop once this many epochs in a row had no better validation than an earlier one; default: never before the end. */
  readonly patience?: number
  /**
   * Put the session back to its state after the epoch with the best validation (the highest accuracy, at equal ones the
   * lowest loss, then the earliest) when the training ends; not when its loop is left before. Default false.
   */
  readonly keepBest?: boolean
  /** Epochs that were trained before, when a run is continued; default 0. */
  readonly completedEpochs?: number
  /** Where the training continues, in a session that has the state of that moment; default: behind the completed epochs. */
  readonly from?: TrainingPoint
  /** For samplesPerSecond and cpuSecondsPerSample; without it both are null. */
  readonly clock?: TrainingClock
  /**
   * Called after every mini-batch; `point` returns the position of the training then. The next mini-batch may be in
   * progress: requests to the session come after that one.
   */
  readonly onStep?: (progress: StepProgress, point: () => TrainingPoint) => void
  /** Called, and waited for, after `onStep`, while no mini-batch is in progress: the session stands where `point` says. */
  readonly afterStep?: (point: () => TrainingPoint) => Promise<void>
  /** After which mini-batches `afterStep` is called; each of them holds the training up. Default: after all. */
  readonly stopsAfter?: (place: Pick<TrainingPoint, 'epoch' | 'step'>) => boolean
  /** Called before an epoch is handed out, with where the training stands then, and which epoch was the best so far. */
  readonly onEpoch?: (point: TrainingPoint) => void
}
