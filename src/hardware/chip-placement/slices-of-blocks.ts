import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { BlockTable } from './block-table.js'

/** The slices that some blocks are, those of neighbours joined; in the order of the groups and their units. */
export function slicesOfBlocks({ blocks }: Pick<BlockTable, 'blocks'>, held: readonly number[]): readonly GroupSlice[] {
  const slices: GroupSlice[] = []
  for (const block of [...held].sort((a, b) => a - b)) {
    const { group, start, end } = blocks[block] as GroupSlice
    const last = slices.at(-1)
    if (last?.group === group && last.end === start) slices[slices.length - 1] = { group, start: last.start, end }
    else slices.push({ group, start, end })
  }
  return slices
}
