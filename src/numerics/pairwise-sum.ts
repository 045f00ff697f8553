import { treeSplit } from './tree-nodes.js'

/**
 * Sums an array as a fixed tree, so that a slice which is a whole subtree can be replaced by its sum.
 *
 *     sum(lo, hi) = sum(lo, mid) + sum(mid, hi)        mid = lo + largest power of two < hi - lo
 *
 * over values[offset] … values[offset + count - 1]; an empty sum is +0. Never -0.
 */
export function pairwiseSum(values: Float64Array, offset: number, count: number): number {
  return count === 0 ? 0 : subtree(values, offset, count) + 0
}

function subtree(values: Float64Array, at: number, count: number): number {
  const first = values[at] as number
  if (count === 1) return first
  const pair = first + (values[at + 1] as number)
  if (count === 2) return pair
  if (count === 3) return pair + (values[at + 2] as number)
  if (count === 4) return pair + ((values[at + 2] as number) + (values[at + 3] as number))
  const split = treeSplit(count)
  return subtree(values, at, split) + subtree(values, at + split, count - split)
}
