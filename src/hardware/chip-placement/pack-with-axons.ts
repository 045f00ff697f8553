import { InputError } from '../../events/errors.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { describeSlice } from '../check-slices.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { BlockTable, GroupBlocks, PlacedBlock } from './block-table.js'
import { type BlockNeeds, type CoreRoom, openCore } from './core-room.js'
import type { Grouping } from './grouping.js'
import { type Partition, packBlocks } from './partitions.js'
import type { SpikeNets } from './spike-nets.js'

/** A partition, and how full its cores could be. */
export interface PackedBlocks {
  readonly partition: Partition
  readonly room: CoreRoom
}

/**
 * Packs blocks such that no core has more axons out than the chip allows: how many they are is known only of all cores
 * together, so it is tried with fewer and fewer units a core.
 *
 * Raises `InputError` PLACEMENT_CAPACITY.
 */
export function packWithAxons(
  table: BlockTable,
  profile: ChipProfile,
  room: CoreRoom,
  needs: BlockNeeds,
  groupingOf: (group: GroupBlocks) => Grouping,
): PackedBlocks {
  const all = table.blocks.reduce((sum, { start, end }) => sum + end - start, 0)
  for (let units = room.units; ; units = fewer(Math.min(units, all))) {
    const tried = { ...room, units }
    const partition = packBlocks(table, tried, needs, groupingOf)
    if (partition === null) throw tooLarge(profile, table, room, needs)
    if (keepsAxonsOut(partition, needs.nets, profile)) return { partition, room: tried }
  }
}

/** Three quarters, cut between blocks; in the end none at all. */
function fewer(units: number): number {
  return units <= BLOCK ? 0 : Math.max(BLOCK, Math.floor((units * 3) / 4 / BLOCK) * BLOCK)
}

/** Whether no core has too many axons out: the cores with a target, its own among them, of each of its units. */
export function keepsAxonsOut(partition: Partition, nets: SpikeNets, profile: ChipProfile): boolean {
  const limit = figureValue(profile.core.axonsOut)
  if (limit === null) return true
  const coreOf = new Map(partition.flatMap((blocks, core) => blocks.map((block) => [block, core] as const)))
  return partition.every((blocks) => {
    const netsOut = blocks.flatMap((block) => [...nets.outOf(block)])
    const axons = netsOut.reduce((sum, net) => {
      const cores = new Set([...nets.targetsOf(net)].map((block) => coreOf.get(block)))
      return sum + cores.size * (nets.units[net] as number)
    }, 0)
    return axons <= limit
  })
}

function tooLarge(profile: ChipProfile, { blocks }: BlockTable, room: CoreRoom, needs: BlockNeeds): InputError {
  const at = blocks.findIndex((_, block) => !openCore(room, needs).take(block))
  const limits = [
    [room.units, 'neurons'],
    [room.synapses, 'synapses'],
    [room.axonsIn, 'axons in'],
    [figureValue(profile.core.axonsOut) ?? Number.POSITIVE_INFINITY, 'axons out'],
  ] as const
  const known = limits.filter(([most]) => most < Number.POSITIVE_INFINITY).map(([most, what]) => `${most} ${what}`)
  const block = blocks[at]
  return new InputError({
    code: 'PLACEMENT_CAPACITY',
    field: block?.group ?? 'network',
    found:
      block === undefined
        ? 'neurons with targets on too many cores'
        : `${describeSlice(block as PlacedBlock)} with ${needs.synapsesOf(at)} synapses, which is not cut`,
    expected: `blocks of ${BLOCK} that fit a core of ${profile.name}: at most ${known.join(', ')}`,
    remedy: 'Choose a chip with larger cores, or let neurons have fewer synapses.',
  })
}
