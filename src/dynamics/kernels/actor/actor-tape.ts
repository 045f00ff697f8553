import type { Arrivals } from '../../timeline/arrivals.js'

/** What one trial of a step has met and done: enough to share out the gradients of its arrivals. */
export interface IntervalRecord {
  readonly synapses: Int32Array
  /** Ordinal of the causing spike of each arrival within its projection's input. */
  readonly spikes: Int32Array
  readonly emitted: number
}

/** Bytes of an arrival in a record. */
export const TAPED = 8

/** One `advance`: the instant it started from, and a record per trial. */
export interface ActorStep {
  readonly start: number
  readonly intervals: readonly IntervalRecord[]
}

/** A copy of the arrivals from … to - 1 of a queue. */
export function recordInterval(queue: Arrivals, from: number, to: number, emitted: number): IntervalRecord {
  return { synapses: queue.synapses.slice(from, to), spikes: queue.spikes.slice(from, to), emitted }
}
