import type { SourceSlice } from '../../../dynamics/timeline/kernel-input.js'
import type { Placement } from '../../../hardware/placement.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Network } from '../../../network/description/network.js'
import type { GroupSlice } from '../../../network/slices/group-slice.js'

/** A slice and the core that holds it. */
export interface PlacedSlice extends GroupSlice {
  readonly core: number
}

/** The slices of every group, by their first neuron. */
export function placedSlices({ cores }: Placement): ReadonlyMap<string, readonly PlacedSlice[]> {
  const slices = new Map<string, PlacedSlice[]>()
  for (const { core, slices: here } of cores)
    for (const slice of here) slices.set(slice.group, [...(slices.get(slice.group) ?? []), { ...slice, core }])
  for (const list of slices.values()) list.sort((a, b) => a.start - b.start)
  return slices
}

/** What comes from a slice to a core. */
interface SpikingSlice extends PlacedSlice, SourceSlice {}

/**
 * The slices of a group whose spikes come to a core, by their first neuron. A source that is given its spikes is whole
 * wherever it is listened to: what it is given goes to every such core with the order of a run, and never over a link.
 */
export type SpikingSlices = (group: string, core: number) => readonly SpikingSlice[]

export function spikingSlices({ groups }: Network, placement: Placement): SpikingSlices {
  const { latencies } = placement
  const slices = placedSlices(placement)
  const given = new Map(groups.filter(isGiven).map(({ name, size }) => [name, size]))
  return (group, core) => {
    const placed = slices.get(group) ?? []
    const end = given.get(group)
    const spiking = end === undefined ? placed : [{ group, start: 0, end, core }]
    return latencies === undefined ? spiking : spiking.map((slice) => ({ ...slice, latencies: latenciesOf(slice) }))

    /** Of each unit, from the core that holds it. */
    function latenciesOf({ start, end }: PlacedSlice): Float64Array {
      const ofUnits = new Float64Array(end - start)
      for (const slice of placed)
        if (slice.start < end && start < slice.end)
          ofUnits.fill(latencies?.[slice.core]?.[core] ?? 0, slice.start - start, slice.end - start)
      return ofUnits
    }
  }
}
