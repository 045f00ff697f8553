import type { Grouping } from './chip-placement/grouping.js'

/** A core that is being filled. */
export interface OpenCore {
  /** Takes a block if there is room for it. */
  take(block: number): boolean
}

/** Fills one core after the other with the blocks of a group; null where a block does not fit a core by itself. */
export function fillCores(open: () => OpenCore, grouping: Grouping): readonly (readonly number[])[] | null {
  const cores: (readonly number[])[] = []
  for (;;) {
    grouping.begin()
    let next = grouping.next()
    if (next === null) return cores
    const core = open()
    const blocks: number[] = []
    for (; next !== null && core.take(next); next = grouping.next()) {
      grouping.taken(next)
      blocks.push(next)
    }
    if (blocks.length === 0) return null
    cores.push(blocks)
  }
}

/** A group on cores of its own. */
export interface FilledGroup<Part> {
  readonly full: readonly (readonly Part[])[]
  /** The remainder at the end of the group, which may share a core; null: nothing. */
  readonly rest: readonly Part[] | null
}

/** Puts the remainder of each group onto the first core with room among those that hold such remainders. */
export function shareRests<Part>(
  groups: readonly FilledGroup<Part>[],
  hasRoom: (held: readonly Part[], more: readonly Part[]) => boolean,
): readonly (readonly Part[])[] {
  const cores: (readonly Part[])[] = []
  const shared: Part[][] = []
  for (const { full, rest } of groups) {
    cores.push(...full)
    if (rest === null) continue
    const open = shared.find((held) => hasRoom(held, rest))
    if (open !== undefined) open.push(...rest)
    else {
      const own = [...rest]
      shared.push(own)
      cores.push(own)
    }
  }
  return cores
}

/** Sets on cores, and those that are too large for one. */
export interface PackedSets<Part> {
  readonly cores: readonly (readonly Part[])[]
  /** Each has a core of its own nevertheless. */
  readonly tooLarge: readonly (readonly Part[])[]
}

/** Packs sets whose parts stay together: each onto the core of the one before if there is room, else onto one of its own. */
export function packSets<Part>(
  sets: Iterable<readonly Part[]>,
  hasRoom: (parts: readonly Part[]) => boolean,
): PackedSets<Part> {
  const cores: Part[][] = []
  const tooLarge: (readonly Part[])[] = []
  for (const set of sets) {
    const last = cores.at(-1)
    if (last !== undefined && hasRoom([...last, ...set])) last.push(...set)
    else {
      if (!hasRoom(set)) tooLarge.push(set)
      cores.push([...set])
    }
  }
  return { cores, tooLarge }
}
