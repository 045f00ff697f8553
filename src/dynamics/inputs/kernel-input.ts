import type { Slice } from '../../network/slices/blocks.js'
import type { Afferent } from '../parameters/synapses.js'
import { type InputLatency, inputLatency } from './late-batch.js'

/** A slice of a group that spikes. */
export interface SourceSlice extends Slice {
  /** How much later its spikes are known here than they were sent, ms, unit by unit; absent: not at all. */
  readonly latencies?: Float64Array
}

/** How a group that spikes is cut into slices, each of which sends its own stream. */
export type SourceSlices = (group: string) => readonly SourceSlice[]

/** One stream into a kernel: the spikes of one slice of a projection's source. */
export interface KernelInput {
  /** Number of the projection among the kernel's own. */
  readonly projection: number
  /** Number of the slice among those of the source. */
  readonly slice: number
  readonly units: Slice
  /** Null: spikes are known here as soon as they are sent. */
  readonly latency: InputLatency | null
  readonly source: string
  /** The projection's place in the network's list. */
  readonly order: number
  readonly key: string
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
