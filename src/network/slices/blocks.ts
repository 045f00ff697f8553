import { BLOCK } from '../../numerics/block-sum.js'
import { type TreeNode, treeNodes } from '../../numerics/tree-nodes.js'

/** Neurons start … end - 1 of a group. */
export interface Slice {
  readonly start: number
  readonly end: number
}

/**
 * The blocks of 32 neurons that a group falls into; the last may be shorter.
 *
 * Sums across neurons go block by block and slices are cut between blocks, so a sum does not depend on the slicing.
 */
export function blocksOf(size: number): readonly Slice[] {
  return Array.from({ length: blocksIn(size) }, (_, block) => ({
    start: block * BLOCK,
    end: Math.min(size, (block + 1) * BLOCK),
  }))
}

/** The place of a unit's block in its group. */
export function blockOf(unit: number): number {
  return Math.floor(unit / BLOCK)
}

/** Blocks of a group of `total` neurons. */
export function blocksIn(total: number): number {
  return Math.ceil(total / BLOCK)
}

/** The subtrees of the fixed tree over a group's blocks that a slice sums up by itself. */
export function nodesOfSlice(total: number, { start, end }: Slice): readonly TreeNode[] {
  return treeNodes(blocksIn(total), start / BLOCK, blocksIn(end))
}
