import type { Slice } from '../network/blocks.js'
import type { Afferent } from './synapses.js'

/** How a group that spikes is cut into slices, each of which sends its own stream. */
export type SourceSlices = (group: string) => readonly Slice[]

/** One stream into a kernel: the spikes of one slice of a projection's source. */
export interface KernelInput {
  /** Number of the projection among the kernel's own. */
  readonly projection: number
  /** Number of the slice among those of the source. */
  readonly slice: number
  readonly units: Slice
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
    const slices = sourceSlices?.(source) ?? [{ start: 0, end: sourceSize }]
    return slices.map((units, slice) => ({ projection, slice, units, source, order, key }))
  })
}
