import type { GradientBatch } from '../events/gradient-batch.js'
import type { SpikeBatch } from '../events/spike-batch.js'

/** One run's spike batch on a stream; it needs a credit. */
export interface SpikesMessage {
  readonly kind: 'spikes'
  /** Number of the pathway, the same on both sides. */
  readonly stream: number
  /** Number of the run it belongs to. */
  readonly run: number
  /** `stream` of the batch is the emitting group; units are numbers in the whole group. */
  readonly batch: SpikeBatch
}

/** The answer to a spike batch of the same stream, run and sequence; bounded by it, so it needs no credit. */
export interface GradientsMessage {
  readonly kind: 'gradients'
  readonly stream: number
  readonly run: number
  readonly batch: GradientBatch
}

/** Numbers of which there is one message per run: voltage maxima, their gradients, shares of shared parameters. */
export interface VectorMessage {
  readonly kind: 'vector'
  readonly stream: number
  readonly run: number
  readonly values: Float64Array
}

/** A JSON-like value, with typed arrays, Infinity and -0 in it: what a coordinator and its partitions say to each other. */
export interface ValueMessage {
  readonly kind: 'value'
  readonly value: unknown
}

/** What travels over a link between two partitions, beside what keeps the link itself going. */
export type Message = SpikesMessage | GradientsMessage | VectorMessage | ValueMessage

/** What travels on a stream, in a run. */
export type StreamMessage = Exclude<Message, ValueMessage>
