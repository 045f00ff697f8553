import type { GradientBatch } from '../events/gradient-batch.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import type { UnitSet } from '../events/unit-set.js'

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

/** The gradients of a spike batch of the same stream, run and sequence; bounded by it, so they need no credit. */
export interface GradientsMessage {
  readonly kind: 'gradients'
  readonly stream: number
  readonly run: number
  readonly batch: GradientBatch
}

/** Numbers of which there is one message per run: voltage maxima, their gradients, partial sums of shared parameters. */
export interface VectorMessage {
  readonly kind: 'vector'
  readonly stream: number
  readonly run: number
  readonly values: Float64Array
}

/** Which units of a slice have a target on the core that sends this: their spikes alone are wanted on the stream. */
export interface ListenersMessage {
  readonly kind: 'listeners'
  readonly stream: number
  /** Unit 0 is the slice's first one. */
  readonly heard: UnitSet
}

/** A JSON-like value, with typed arrays, Infinity and -0 in it: what a coordinator and its partitions say to each other. */
interface ValueMessage {
  readonly kind: 'value'
  readonly value: unknown
}

/** What travels over a link between two partitions, beside what keeps the link itself going. */
export type Message = SpikesMessage | GradientsMessage | VectorMessage | ListenersMessage | ValueMessage

/** What travels on a stream, in a run. */
export type StreamMessage = Exclude<Message, ListenersMessage | ValueMessage>

/** The number of the run that a message belongs to; 0 where it is none's. */
export function runOfMessage(message: Message): number {
  return message.kind === 'value' || message.kind === 'listeners' ? 0 : message.run
}
