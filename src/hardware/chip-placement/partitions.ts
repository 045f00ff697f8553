import type { BlockTable, GroupBlocks, PlacedBlock } from '../block-table.js'
import { type FilledGroup, fillCores, shareRests } from '../pack-cores.js'
import { type BlockNeeds, type CoreCapacity, holdsAll, openCore } from './core-capacity.js'
import type { Grouping } from './grouping.js'

/** The blocks of each core. */
export type Partition = readonly (readonly number[])[]

/** How full cores may be. */
export interface PackingRules {
  roomFor(group: string): CoreCapacity
  /** Whether what is left over at the end of a group may share a core. */
  sharesRest(group: string): boolean
}

/**
 * Packs the blocks of a network into few cores: every group fills cores of its own, and what is left over at the end of each
 * group goes to the first core with room that holds such rests.
 *
 * @returns null where a block does not fit a core by itself
 */
export function packBlocks(
  { blocks, groups }: BlockTable,
  { roomFor, sharesRest }: PackingRules,
  needs: BlockNeeds,
  groupingOf: (group: GroupBlocks) => Grouping,
): Partition | null {
  const filled: FilledGroup<number>[] = []
  for (const group of groups) {
    const room = roomFor(group.name)
    const cores = fillCores(() => openCore(room, needs), groupingOf(group))
    if (cores === null) return null
    const isShared = sharesRest(group.name)
    filled.push({ full: isShared ? cores.slice(0, -1) : cores, rest: isShared ? (cores.at(-1) ?? null) : null })
  }
  // A shared core keeps the limits of the group that began it and of each that joins.
  const roomOf = (held: readonly number[]) => roomFor((blocks[held[0] as number] as PlacedBlock).group)
  const cores = shareRests(filled, (held, more) =>
    [more, held].every((each) => holdsAll([...held, ...more], roomOf(each), needs)),
  )
  const firstOf = (held: readonly number[]) => held.reduce((least, block) => Math.min(least, block))
  return [...cores].sort((a, b) => firstOf(a) - firstOf(b))
}
