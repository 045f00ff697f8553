import { BLOCK } from '../../numerics/block-sum.js'
import type { BlockTable, GroupBlocks, PlacedBlock } from '../block-table.js'
import { createUnions } from '../fit/create-unions.js'
import { packSets } from '../pack-cores.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { blockTooLarge, togetherTooLarge, tooManyAxonsOut } from './block-refusal.js'
import { type BlockNeeds, type CoreCapacity, holdsAll } from './core-capacity.js'
import type { Grouping } from './grouping.js'
import { type PackingRules, type Partition, packBlocks } from './partitions.js'
import type { SpikeNets } from './spike-nets.js'

/** A partition, and the rules that it had to be packed by. */
export interface PackedBlocks {
  readonly partition: Partition
  readonly rules: PackingRules
}

/**
 * Packs blocks such that no core has more axons out than the chip allows. Their number is known only of all cores
 * together; so where there are too many, the group that has most of them is packed again: by itself, or with fewer
 * units per core. Where a unit addresses fewer cores than it has targets on, blocks with a common source unit are put
 * on one core.
 *
 * Raises `InputError` PLACEMENT_CAPACITY.
 */
export function packWithAxons(
  table: BlockTable,
  profile: ChipProfile,
  room: CoreCapacity,
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
    if (partition === null) throw blockTooLarge(profile, table, room, needs)
    const limit = figureValue(profile.core.axonsOut) ?? Number.POSITIVE_INFINITY
    if (!addressesAll(partition, needs.nets, profile))
      return { partition: together(table, profile, room, needs, limit), rules }
    const wide = wideCores(partition, table, needs.nets, limit)
    if (wide.length === 0) return { partition, rules }
    for (const { group, units, isShared, axons, first } of wide) {
      if (isShared) alone.add(group)
      else if (units <= BLOCK) throw tooManyAxonsOut(profile, first, axons, limit)
      else fewest.set(group, Math.min(fewer(units), fewest.get(group) ?? units))
    }
  }
}

/**
 * Packs blocks that hear a unit in common onto one core, so that no unit has targets on two.
 *
 * Raises `InputError` PLACEMENT_CAPACITY where what lies together is too large.
 */
function together(
  table: BlockTable,
  profile: ChipProfile,
  room: CoreCapacity,
  needs: BlockNeeds,
  limit: number,
): Partition {
  const { nets } = needs
  const unions = createUnions(table.blocks.length)
  for (let net = 0; net < nets.count; net++) {
    const targets = nets.targetsOf(net)
    for (const target of targets) unions.join(targets[0] as number, target)
  }
  const { cores, tooLarge } = packSets(unions.sets(), (blocks) => holdsAll(blocks, room, needs))
  if (tooLarge[0] !== undefined) throw togetherTooLarge(profile, table, tooLarge[0], room, needs)
  const partition = cores.map((blocks) => [...blocks].sort((a, b) => a - b))
  const [wide] = wideCores(partition, table, nets, limit)
  if (wide === undefined) return partition
  throw tooManyAxonsOut(profile, wide.first, wide.axons, limit)
}

/** Three quarters, cut between blocks. */
function fewer(units: number): number {
  return Math.max(BLOCK, Math.floor((units * 3) / 4 / BLOCK) * BLOCK)
}

/** A core with too many axons out, by the group that has most of them. */
interface WideCore {
  readonly group: string
  /** Of the core. */
  readonly units: number
  /** Out of the core. */
  readonly axons: number
  readonly isShared: boolean
  readonly first: PlacedBlock
}

function wideCores(partition: Partition, { blocks }: BlockTable, nets: SpikeNets, limit: number): readonly WideCore[] {
  if (limit === Number.POSITIVE_INFINITY) return []
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
    return [{ group, units, axons: all, isShared: sums.size > 1, first: blocks[held[0] as number] as PlacedBlock }]
  })
}

/** The cores with a target, its own among them, of each unit of a block, summed. */
function axonsOut(partition: Partition, nets: SpikeNets): (block: number) => number {
  const targetsOf = targetCores(partition, nets)
  return (block) => nets.outOf(block).reduce((sum, net) => sum + targetsOf(net) * (nets.units[net] as number), 0)
}

/** The cores on which each unit of a net has a target. */
function targetCores(partition: Partition, nets: SpikeNets): (net: number) => number {
  const coreOf = new Map(partition.flatMap((blocks, core) => blocks.map((block) => [block, core] as const)))
  return (net) => new Set(Array.from(nets.targetsOf(net), (target) => coreOf.get(target))).size
}

/** Whether no core has too many axons out. */
export function keepsAxonsOut(partition: Partition, table: BlockTable, nets: SpikeNets, profile: ChipProfile): boolean {
  const limit = figureValue(profile.core.axonsOut) ?? Number.POSITIVE_INFINITY
  return wideCores(partition, table, nets, limit).length === 0 && addressesAll(partition, nets, profile)
}

/** Whether every unit addresses as many cores as it has targets on. */
function addressesAll(partition: Partition, nets: SpikeNets, { core }: ChipProfile): boolean {
  const limit = figureValue(core.axonsOutPerUnit)
  if (limit === null) return true
  const targetsOf = targetCores(partition, nets)
  for (let net = 0; net < nets.count; net++) if (targetsOf(net) > limit) return false
  return true
}
