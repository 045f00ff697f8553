import { InputError } from '../../events/errors.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { describeSlice } from '../check-slices.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { BlockTable, GroupBlocks, PlacedBlock } from './block-table.js'
import { type BlockNeeds, type CoreRoom, openCore } from './core-room.js'
import type { Grouping } from './grouping.js'
import { type PackingRules, type Partition, packBlocks } from './partitions.js'
import type { SpikeNets } from './spike-nets.js'

/** A partition, and the rules that it had to be packed by. */
export interface PackedBlocks {
  readonly partition: Partition
  readonly rules: PackingRules
}

/**
 * Packs blocks such that no core has more axons out than the chip allows. How many they are is known only of all cores
 * together; so where they are too many, the group that has most of them is packed anew: by itself, or with fewer units a core.
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
  const alone = new Set<string>()
  const fewest = new Map<string, number>()
  const rules: PackingRules = {
    roomFor: (group) => ({ ...room, units: fewest.get(group) ?? room.units }),
    sharesRest: (group) => !alone.has(group),
  }
  for (;;) {
    const partition = packBlocks(table, rules, needs, groupingOf)
    if (partition === null) throw tooLarge(profile, table, room, needs)
    const wide = wideCores(partition, table, needs.nets, profile)
    if (wide.length === 0) return { partition, rules }
    for (const { group, units, isShared } of wide) {
      if (isShared) alone.add(group)
      else fewest.set(group, Math.min(fewer(units), fewest.get(group) ?? units))
    }
  }
}

/** Three quarters, cut between blocks; in the end none at all. */
function fewer(units: number): number {
  return units <= BLOCK ? 0 : Math.max(BLOCK, Math.floor((units * 3) / 4 / BLOCK) * BLOCK)
}

/** A core with too many axons out, by the group that has most of them. */
interface WideCore {
  readonly group: string
  /** Of the core. */
  readonly units: number
  readonly isShared: boolean
}

function wideCores(
  partition: Partition,
  { blocks }: BlockTable,
  nets: SpikeNets,
  profile: ChipProfile,
): readonly WideCore[] {
  const limit = figureValue(profile.core.axonsOut)
  if (limit === null) return []
  const axonsOf = axonsOut(partition, nets)
  return partition.flatMap((held): readonly WideCore[] => {
    const sums = new Map<string, number>()
    let [units, all] = [0, 0]
    for (const block of held) {
      const { group, start, end } = blocks[block] as PlacedBlock
      const axons = axonsOf(block)
      sums.set(group, (sums.get(group) ?? 0) + axons)
      units += end - start
      all += axons
    }
    if (all <= limit) return []
    const [group] = [...sums].reduce((most, each) => (each[1] > most[1] ? each : most))
    return [{ group, units, isShared: sums.size > 1 }]
  })
}

/** The cores with a target, its own among them, of each unit of a block, summed. */
function axonsOut(partition: Partition, nets: SpikeNets): (block: number) => number {
  const coreOf = new Map(partition.flatMap((blocks, core) => blocks.map((block) => [block, core] as const)))
  return (block) =>
    nets.outOf(block).reduce((sum, net) => {
      const cores = new Set(Array.from(nets.targetsOf(net), (target) => coreOf.get(target)))
      return sum + cores.size * (nets.units[net] as number)
    }, 0)
}

/** Whether no core has too many axons out. */
export function keepsAxonsOut(partition: Partition, table: BlockTable, nets: SpikeNets, profile: ChipProfile): boolean {
  return wideCores(partition, table, nets, profile).length === 0
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
  const units = blocks.reduce((most, _, each) => Math.max(most, needs.unitsOf(each)), 0)
  return new InputError({
    code: 'PLACEMENT_CAPACITY',
    field: block?.group ?? 'network',
    found:
      block === undefined
        ? 'neurons with targets on too many cores'
        : `${describeSlice(block as PlacedBlock)} with ${needs.synapsesOf(at)} synapses, which is not cut`,
    expected: `blocks of ${BLOCK} that fit a core of ${profile.name}: at most ${known.join(', ')}`,
    remedy:
      units > room.units
        ? `Let a core have room for ${units} neurons and source units at least.`
        : 'Choose a chip with larger cores, or let neurons have fewer synapses.',
  })
}
