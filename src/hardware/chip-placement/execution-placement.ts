import type { GroupSlice } from '../../network/group-slice.js'
import type { Network } from '../../network/network.js'
import { squareMesh } from '../chip.js'
import { definePlacement } from '../define-placement.js'
import type { Placement } from '../placement.js'
import type { CorePlace } from '../routing/layout.js'
import type { ChipPlacement } from './chip-placement.js'
import { readChipPlacement } from './read-chip-placement.js'

/**
 * The placement by which a network runs as it lies on a chip: a partition for each core that holds something, in the order of
 * chips and cores. A partition holds one slice of a group: where a core holds several, it is as many partitions, and what
 * they say to each other crosses links in the run, though not on the chip.
 *
 * Raises `InputError`: the codes of `definePlacement`, among them `PLACEMENT_CYCLE` for a cycle without delay over several
 * partitions.
 */
export function executionPlacement(network: Network, placement: ChipPlacement): Placement {
  const partitions = readChipPlacement(placement).cores.flatMap(({ slices }) => dealt(slices))
  return definePlacement(network, partitions, squareMesh(partitions.length))
}

/** Chip and core of each partition of `executionPlacement`. */
export function partitionPlaces({ cores }: ChipPlacement): readonly CorePlace[] {
  return cores.flatMap(({ chip, core, slices }) => dealt(slices).map(() => ({ chip, core })))
}

/** As few lists as there are slices of one group: the k-th slice of every group is in the k-th list. */
function dealt(slices: readonly GroupSlice[]): readonly (readonly GroupSlice[])[] {
  const lists: GroupSlice[][] = []
  const counts = new Map<string, number>()
  for (const slice of slices) {
    const place = counts.get(slice.group) ?? 0
    counts.set(slice.group, place + 1)
    const list = lists[place]
    if (list === undefined) lists.push([slice])
    else list.push(slice)
  }
  return lists
}
