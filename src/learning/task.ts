import type { SpikeTrains } from '../events/spike-trains.js'
import type { Network } from '../network/network.js'
import type { Labels } from './labels.js'
import type { Loss } from './loss.js'

/** What is drawn anew in every epoch of a training, such as a shift of an image, is a function of this and the sample. */
export interface TrainingDraw {
  readonly seed: number
  /** 1, 2, … */
  readonly epoch: number
}

/** How samples are made, as plain data: what distinguishes them from others of the same task and number. */
export interface DataSettings {
  readonly [name: string]: number | string | boolean | DataSettings
}

/** Labelled samples, turned into input spikes on demand. */
export interface Dataset {
  readonly size: number
  readonly classes: number
  /** Of each sample, below `classes`; 16 bits each where these are more than 256. */
  readonly labels: Labels
  /** Samples without an input spike, which are allowed; absent if nobody has counted. */
  readonly emptyTrials?: number
  /**
   * Input spikes of the given samples, one trial each, per source group.
   *
   * @param draw given in training alone: the samples may be augmented
   */
  encode(samples: Uint32Array, draw?: TrainingDraw): Readonly<Record<string, SpikeTrains>>
}

/** What is to be learned: data in three splits, and the network and loss that suit them. */
export interface Task {
  readonly name: string
  /** Checkpoints go on with the same ones only. */
  readonly settings?: DataSettings
  readonly train: Dataset
  readonly validation: Dataset
  readonly test: Dataset
  /** Length of a trial in ms; Infinity runs it until nothing can happen any more. */
  readonly until: number
  readonly loss: Loss
  /** A fresh network for this task. */
  readonly network: Network
}
