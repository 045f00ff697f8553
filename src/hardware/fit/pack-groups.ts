import type { Group, Network } from '../../network/description/network.js'
import { blocksOf } from '../../network/slices/blocks.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { blockTable, slicesOfBlocks } from '../block-table.js'
import { inOrderGrouping } from '../chip-placement/grouping.js'
import { fillCores, type PackedSets, packSets, shareRests } from '../pack-cores.js'
import type { CoreMeter, CoreNeed } from '../reach/core-meter.js'
import { heardBy } from '../reach/reach.js'
import { joinSlices, type SlicesPerCore } from '../slices.js'
import type { AxonsOut } from './axons-out.js'
import { isEnough, type ResourceUse } from './core-limits.js'
import { createUnions } from './create-unions.js'

/** What a core uses of its resources. */
export type UsesOf = (need: CoreNeed) => readonly ResourceUse[]

/**
 * The slices of the fewest cores that hold a group in order, cut between blocks of 32; null where a block is too large for
 * one. Needs only grow with every block, so filling one core after the other is best.
 */
export function packGroup(
  { name: group, size }: Pick<Group, 'name' | 'size'>,
  meter: CoreMeter,
  usesOf: UsesOf,
): readonly GroupSlice[] | null {
  const blocks = blocksOf(size).map((slice) => ({ group, ...slice }))
  const open = () => {
    meter.hold([])
    return {
      take: (block: number) => {
        meter.add(blocks[block] as GroupSlice)
        return usesOf(meter.need()).every(isEnough)
      },
    }
  }
  const cores = fillCores(open, inOrderGrouping({ first: 0, end: blocks.length }))
  return cores?.flatMap((held) => joinSlices(held.map((block) => blocks[block] as GroupSlice))) ?? null
}

/**
 * Puts groups onto cores, each on cores of its own; what is left over at the end of a group goes to the first core with room
 * that holds such rests.
 */
export function packNetwork(
  groups: SlicesPerCore,
  meter: CoreMeter,
  usesOf: UsesOf,
  { limit, out }: { readonly limit: number; readonly out: AxonsOut },
): SlicesPerCore {
  const filled = groups.map((slices) => {
    const rest = slices.at(-1)
    return { full: slices.slice(0, -1).map((slice) => [slice]), rest: rest === undefined ? null : [rest] }
  })
  return shareRests<GroupSlice>(filled, (held, more) => {
    const slices = [...held, ...more]
    // Groups that share a core are one destination less for every group that sends to both, never one more.
    if (slices.reduce((sum, each) => sum + out.sumOf(each), 0) > limit) return false
    return fitOne(slices, meter, usesOf)
  })
}

/**
 * Packs a network for a chip whose units address few cores: blocks that hear a unit in common lie on one core, so that no
 * unit has targets on two. What is too large gets a core of its own.
 */
export function packTogether(network: Network, meter: CoreMeter, usesOf: UsesOf): PackedSets<GroupSlice> {
  const { blocks } = blockTable(network)
  const sets = hearingInCommon(network.groups, blocks, meter).map((set) => slicesOfBlocks({ blocks }, set))
  return packSets(sets, (slices) => fitOne(slices, meter, usesOf))
}

function fitOne(slices: readonly GroupSlice[], meter: CoreMeter, usesOf: UsesOf): boolean {
  meter.hold(slices)
  return usesOf(meter.need()).every(isEnough)
}

function hearingInCommon(
  groups: Network['groups'],
  blocks: readonly GroupSlice[],
  meter: CoreMeter,
): readonly (readonly number[])[] {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const unions = createUnions(blocks.length)
  /** The first block that hears each unit. */
  const first = new Map(groups.map(({ name, size }) => [name, new Int32Array(size).fill(-1)]))
  blocks.forEach((block, k) => {
    meter.hold([block])
    for (const [source, units] of heardBy(meter, sizes)) {
      const known = first.get(source) as Int32Array
      for (const unit of units)
        if (known[unit] === -1) known[unit] = k
        else unions.join(known[unit] as number, k)
    }
  })
  return unions.sets()
}
