import type { SpikeTrains } from '../events/spike-trains.js'
import type { Network } from '../network/description/network.js'
import type { Labels } from './labels.js'
import type { Loss } from './loss.js'

/** What is redrawn in every epoch of a training, such as a shift of an image, is a function of this and the sample. */
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
  /** What the classes are called, in label order; default: they are numbered. */
  readonly classNames?: readonly string[]
  /** Samples without an input spike, which are allowed; absent if they were not counted. */
  readonly emptyTrials?: number
  /** What is known of the samples beside their class, such as who was recorded: under each name a value per sample. */
  readonly about?: Readonly<Record<string, readonly (string | number)[]>>
  /**
   * Input spikes of the given samples, one trial each, per source group.
   *
   * @param draw given in training alone: the samples may be augmented
   */
  encode(samples: Uint32Array, draw?: TrainingDraw): Readonly<Record<string, SpikeTrains>>
}

/** The splits of a task. */
export type SplitName = 'train' | 'validation' | 'test'

/**
 * How a task is made, as plain data, so that partitions in other processes and threads can make it for themselves:
 * `name` of `module`, called with `arguments`, gives the task, or promises it.
 *
 * The module is a package that is installed beside this one, or an URL; it is imported where the partitions are, so it
 * does nothing but export. Samples and their spikes have to be a function of the arguments alone, `encode` one of its own.
 * What takes longer than the silence that a cluster bears, without a pause in between, leaves it out.
 *
 * @example
 * // clicks.mjs
 * export function clicks(size) {
 *   const origin = { module: import.meta.url, name: 'clicks', arguments: [size] }
 *   return { name: 'clicks', origin, train: …, validation: …, test: …, until: 20, loss: …, network: … }
 * }
 */
export interface TaskOrigin {
  readonly module: string
  readonly name: string
  /** Numbers, texts, truths, null, typed arrays, and lists and plain objects of these. */
  readonly arguments: readonly unknown[]
}

/** What tells the splits of a task from those of another one: hashes guard against mistakes, not against malice. */
export type TaskFingerprint = Readonly<Record<SplitName, SplitFingerprint>>

export interface SplitFingerprint {
  readonly size: number
  /** Of all labels, as 32 hexadecimal digits. */
  readonly labels: string
  /** Of the input spikes of some samples. */
  readonly inputs: string
}

/** What is to be learned: data in three splits, and the network and loss that suit them. */
export interface Task {
  readonly name: string
  /**
   * With it partitions elsewhere encode their samples themselves, and orders carry numbers of samples in the place of spikes;
   * never changes a result. Code that changes the splits of a task omits it. Default: spikes are sent.
   */
  readonly origin?: TaskOrigin | undefined
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
