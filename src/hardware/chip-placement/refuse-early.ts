import type { Network } from '../../network/description/network.js'
import type { BlockTable, PlacedBlock } from '../block-table.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { createCoreMeter } from '../reach/core-meter.js'
import { drawnSynapses } from '../reach/drawn-rows.js'
import { incomingOfFirstBlocks } from '../reach/incoming.js'
import { requireCores } from './arrange-cores.js'
import type { BlockNeeds, CoreCapacity } from './core-capacity.js'
import { inOrderGrouping } from './grouping.js'
import { packWithAxons } from './pack-with-axons.js'
import type { Partition } from './partitions.js'
import type { SpikeNets } from './spike-nets.js'

/** Synapses that are drawn in a few seconds. */
const MANY = 1e7

/**
 * Refuses in little time a network that surely does not fit, before all synapses are drawn: by neurons and synapses,
 * and of axons in by those of the first block of every group alone. A network whose synapses are drawn in seconds is
 * not refused here; its exact number of cores is reported later.
 *
 * Raises `InputError` PLACEMENT_CAPACITY.
 */
export function refuseEarly(network: Network, table: BlockTable, { profile, room, needs, seed }: EarlyLimits): void {
  if (drawnSynapses(network) < MANY) return
  const early = { ...needs, nets: netsOfFirstBlocks(network, table, seed) }
  const { partition } = packWithAxons(table, profile, room, early, inOrderGrouping)
  requireCores(profile, leastCores(partition, table), 'at least')
}

export interface EarlyLimits {
  readonly profile: ChipProfile
  readonly room: CoreCapacity
  readonly needs: Omit<BlockNeeds, 'nets'>
  readonly seed: number
}

/** Minimum number of cores of any packing in order: rests share cores, but at most one of each group. */
function leastCores(partition: Partition, { blocks, groups }: BlockTable): number {
  const groupsOf = (held: readonly number[]) => new Set(held.map((block) => (blocks[block] as PlacedBlock).group)).size
  return partition.reduce((sum, held) => sum + groupsOf(held), 1 - groups.length)
}

/** For the first block of each group one net with its axons in; where they come from is left open. */
function netsOfFirstBlocks(network: Network, { groups, blocks }: BlockTable, seed: number): SpikeNets {
  const meter = createCoreMeter(network, incomingOfFirstBlocks(network, seed))
  const units = Int32Array.from(groups, ({ first }) => {
    meter.hold([blocks[first] as PlacedBlock])
    return meter.need().axonsIn
  })
  const into = new Map(groups.map(({ first }, net) => [first, Uint32Array.of(net)]))
  const none = new Uint32Array(0)
  return {
    ...{ count: units.length, units, source: new Int32Array(units.length), spikes: new Float64Array(units.length) },
    targetsOf: () => none,
    into: (block) => into.get(block) ?? none,
    outOf: () => none,
  }
}
