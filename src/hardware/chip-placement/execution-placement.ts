import type { Network } from '../../network/description/network.js'
import { readOptions } from '../../network/reading/read-fields.js'
import { readRecord } from '../../network/reading/read-value.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { squareMesh } from '../chip.js'
import { definePlacement, placementOf } from '../define-placement.js'
import type { ChipPlacement, Placement } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import type { CorePlace } from '../routing/layout.js'
import { chipLatencies } from './chip-latencies.js'
import { readChipPlacement } from './read-chip-placement.js'

export interface ExecutionOptions {
  /** A profile whose latencies are part of the model: whatever leaves a core is known on others only that much later. */
  readonly latency?: ChipProfile
}

/**
 * The placement by which a network runs as it lies on a chip: a partition for each core that holds something, in the order of
 * chips and cores. A partition holds one slice of a group: where a core holds several, it is as many partitions, and what
 * they say to each other crosses links in the run, though not on the chip.
 *
 * With `latency` a synapse's spike arrives at (t + l) + d, l that of the way from core to core, and results depend on where
 * everything lies on the chip, but on nothing else. Gradients pass l unchanged.
 *
 * Raises `InputError`: `CHIP_LATENCY` and the codes of `checkChipPlacement` with `latency`; the codes of `definePlacement`,
 * among them `PLACEMENT_CYCLE` for a cycle without delay over several partitions.
 */
export function executionPlacement(
  network: Network,
  placement: ChipPlacement,
  options: ExecutionOptions = {},
): Placement {
  const { latency } = readOptions<ExecutionOptions>(options, { latency: readRecord })
  const { cores } = readChipPlacement(placement)
  const partitions = cores.flatMap(({ slices }) => dealt(slices))
  const chip = squareMesh(partitions.length)
  if (latency === undefined) return definePlacement(network, partitions, chip)
  return placementOf(network, partitions, chip, latenciesBetween(network, placement, latency))
}

/** Absent where all are 0: then it is the placement that it is without. */
function latenciesBetween(network: Network, placement: ChipPlacement, profile: ChipProfile): Placement['latencies'] {
  const known = chipLatencies(network, placement, profile)
  if (known.every((row) => row.every((latency) => latency === 0))) return undefined
  const coreOf = placement.cores.flatMap(({ slices }, core) => dealt(slices).map(() => core))
  return coreOf.map((from) => coreOf.map((to) => known[from]?.[to] as number))
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
