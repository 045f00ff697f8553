import { BLOCK, blockSum } from './block-sum.js'
import { treeSplit } from './tree-nodes.js'

/**
 * Sums one value per neuron across a group: inside blocks of 32 as `blockSum`, across blocks as `pairwiseSum`.
 *
 * The values are values[offset] … values[offset + count - 1], the first one being the first neuron of a block. An empty
 * sum is +0. Never -0.
 */
export function groupSum(values: Float64Array, offset: number, count: number): number {
  if (count <= BLOCK) return blockSum(values, offset, count)
  const split = BLOCK * treeSplit(Math.ceil(count / BLOCK))
  return groupSum(values, offset, split) + groupSum(values, offset + split, count - split)
}
