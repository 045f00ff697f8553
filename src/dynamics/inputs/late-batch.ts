import type { Slice } from '../../network/slices/blocks.js'
import type { PerturbedBatch } from '../noise/perturbed-batch.js'

/** How much later the spikes of a slice are known here than they were sent, in ms. */
export interface InputLatency {
  /** Of each unit of the slice. */
  readonly ofUnits: Float64Array
  readonly least: number
  readonly most: number
}

/** Null where everything is known at once. */
export function inputLatency(ofUnits: Float64Array | undefined): InputLatency | null {
  if (ofUnits === undefined || ofUnits.every((latency) => latency === 0)) return null
  return {
    ofUnits,
    least: ofUnits.reduce((least, latency) => Math.min(least, latency)),
    most: ofUnits.reduce((most, latency) => Math.max(most, latency)),
  }
}

/**
 * A batch as it is known here: spikes at t + l, l the latency of their unit, in the order in which they were sent. What a
 * synapse makes of it is (t + l) + d, in this order, and all bounds are worked out alike: rounding keeps them bounds.
 */
export function lateBatch<Batch extends Pick<PerturbedBatch, 'times' | 'units' | 'window' | 'shifts'>>(
  { latency, units }: { readonly latency: InputLatency | null; readonly units: Slice },
  batch: Batch,
): Batch {
  if (latency === null) return batch
  const latencyOf = (unit: number) => latency.ofUnits[unit - units.start] as number
  const times = batch.times.map((time, k) => time + latencyOf(batch.units[k] as number))
  const { start, end } = batch.window
  const latencies = batch.shifts?.map((_, k) => latencyOf(batch.units[k] as number))
  const window = { start: start + latency.least, end: end + latency.most }
  return { ...batch, times, window, ...(latencies === undefined ? {} : { latencies }) }
}
