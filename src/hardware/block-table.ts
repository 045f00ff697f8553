import type { Network } from '../network/description/network.js'
import { blocksIn, blocksOf, type Slice } from '../network/slices/blocks.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import { joinSlices } from './slices.js'

/** The smallest part of a group that a core can hold. */
export interface PlacedBlock extends Slice {
  readonly group: string
}

/** The blocks of all groups, numbered in the order of the network. */
export interface BlockTable {
  readonly blocks: readonly PlacedBlock[]
  /** Of each group of the network: its blocks are first, first + 1, … end - 1. */
  readonly groups: readonly GroupBlocks[]
}

export interface GroupBlocks {
  readonly name: string
  readonly size: number
  readonly isSource: boolean
  readonly first: number
  readonly end: number
}

export function blockTable({ groups }: Network): BlockTable {
  let next = 0
  const ranges = groups.map(({ name, size, kind }): GroupBlocks => {
    const first = next
    next += blocksIn(size)
    return { name, size, isSource: kind === 'source', first, end: next }
  })
  const blocks = groups.flatMap(({ name, size }) => blocksOf(size).map((slice) => ({ group: name, ...slice })))
  return { blocks, groups: ranges }
}

/** The slices that some blocks are, in the order of the groups and their units. */
export function slicesOfBlocks({ blocks }: Pick<BlockTable, 'blocks'>, held: readonly number[]): readonly GroupSlice[] {
  return joinSlices([...held].sort((a, b) => a - b).map((block) => blocks[block] as PlacedBlock))
}
