import type { Slice } from '../../network/slices/blocks.js'
import type { PerturbedBatch } from '../noise/perturb-batch.js'
import { noisyRange, type SpikeNoise } from '../noise/spike-noise.js'
import type { Afferent, DelayRange, Synapses } from '../parameters/synapses.js'

/** A slice of a group that spikes. */
export interface SourceSlice extends Slice {
  /** How much later its spikes are known here than they were sent, ms, unit by unit; absent: not at all. */
  readonly latencies?: Float64Array
}

/** How a group that spikes is cut into slices, each of which sends its own stream. */
export type SourceSlices = (group: string) => readonly SourceSlice[]

/** How much later the spikes of a slice are known here than they were sent, in ms. */
export interface InputLatency {
  /** Of each unit of the slice. */
  readonly ofUnits: Float64Array
  readonly least: number
  readonly most: number
}

/** A stream into a component: the spikes of one slice of a group, through one projection. */
export interface ComponentInput {
  /** The projection's place in the network's list. */
  readonly order: number
  readonly key: string
  readonly source: string
  /** Number of the slice among those of the source, and its units. */
  readonly slice: number
  readonly units: Slice
  /** Null: spikes are known here as soon as they are sent. */
  readonly latency: InputLatency | null
}

/** The same as a kernel hears it. */
export interface KernelInput extends ComponentInput {
  /** Number of the projection among the kernel's own. */
  readonly projection: number
}

/** The inputs of a kernel by (projection, slice); by default every source is one slice. */
export function kernelInputs(
  afferents: readonly Pick<Afferent, 'source' | 'sourceSize' | 'order' | 'key'>[],
  sourceSlices?: SourceSlices,
): readonly KernelInput[] {
  return afferents.flatMap(({ source, sourceSize, order, key }, projection) => {
    const slices: readonly SourceSlice[] = sourceSlices?.(source) ?? [{ start: 0, end: sourceSize }]
    return slices.map(({ start, end, latencies }, slice) => {
      return { projection, slice, units: { start, end }, latency: inputLatency(latencies), source, order, key }
    })
  })
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

/** The current delays of the synapses behind each input, in ms. */
export function delayRanges(
  inputs: readonly KernelInput[],
  synapses: Synapses,
  delays: Float64Array,
): readonly DelayRange[] {
  return inputs.map(({ projection, units }) => synapses.delayRange(projection, units, delays))
}

/** How soon and how late after a spike of each input it may arrive, in ms: its delays, with what noise does to them. */
export function arrivalRanges(
  inputs: readonly KernelInput[],
  ranges: readonly DelayRange[],
  noise: SpikeNoise | undefined,
): readonly DelayRange[] {
  if (noise === undefined) return ranges
  return inputs.map(({ projection, latency }, input) => {
    return noisyRange(ranges[input] as DelayRange, noise.projections[projection], latency)
  })
}
