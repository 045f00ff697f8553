import type { SpikeTrains } from '../events/spike-trains.js'
import type { Network } from '../network/network.js'
import type { Loss } from './loss.js'

/** Labelled samples, turned into input spikes on demand. */
export interface Dataset {
  readonly size: number
  readonly classes: number
  readonly labels: Uint8Array
  /** Input spikes of the given samples, one trial each, per source group. */
  encode(samples: Uint32Array): Readonly<Record<string, SpikeTrains>>
}

/** What is to be learned: data in three splits, and the network and loss that suit them. */
export interface Task {
  readonly name: string
  readonly train: Dataset
  readonly validation: Dataset
  readonly test: Dataset
  /** Length of a trial in ms; Infinity runs it until nothing can happen any more. */
  readonly until: number
  readonly loss: Loss
  /** A fresh network for this task. */
  readonly network: Network
}
