import type { BlockTable, GroupBlocks } from './block-table.js'
import { type BlockNeeds, type CoreCapacity, type OpenCore, openCore } from './core-capacity.js'
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
  { groups }: BlockTable,
  { roomFor, sharesRest }: PackingRules,
  needs: BlockNeeds,
  groupingOf: (group: GroupBlocks) => Grouping,
): Partition | null {
  const full: OpenCore[] = []
  const rests: OpenCore[] = []
  for (const group of groups) {
    const room = roomFor(group.name)
    const cores = fillCores(room, needs, groupingOf(group))
    if (cores === null) return null
    const last = sharesRest(group.name) ? cores.pop() : undefined
    full.push(...cores)
    if (last !== undefined && !rests.some((rest) => takesAll(rest, last.blocks, room, needs))) rests.push(last)
  }
  const firstOf = (blocks: readonly number[]) => blocks.reduce((least, block) => Math.min(least, block))
  return [...full, ...rests].map(({ blocks }) => [...blocks]).sort((a, b) => firstOf(a) - firstOf(b))
}

function fillCores(room: CoreCapacity, needs: BlockNeeds, grouping: Grouping): OpenCore[] | null {
  const cores: OpenCore[] = []
  for (;;) {
    grouping.begin()
    let next = grouping.next()
    if (next === null) return cores
    const core = openCore(room, needs)
    for (; next !== null && core.take(next); next = grouping.next()) grouping.taken(next)
    if (core.blocks.length === 0) return null
    cores.push(core)
  }
}

/** Takes several blocks if there is room for all of them, else none. */
export function takesAll(core: OpenCore, blocks: readonly number[], room: CoreCapacity, needs: BlockNeeds): boolean {
  const trial = openCore(room, needs)
  if (![...core.blocks, ...blocks].every((block) => trial.take(block))) return false
  return blocks.every((block) => core.take(block))
}
