import { sumsLength } from '../../numerics/tree-nodes.js'
import type { ParameterLayout } from '../parameter-layout.js'
import type { Shares } from '../shares.js'
import type { BlockLists } from './block-lists.js'

/**
 * The shares of a projection's delays, see `sharesOf`, from sums of those blocks alone that a unit has synapses in: the sum
 * of each node is `pairwiseSum` over its blocks, to the bit.
 *
 * @param sums one per entry of the lists, from `at` on
 */
export function sparseShares(
  { nodes }: ParameterLayout,
  { rows, blocks }: BlockLists,
  sums: Float64Array,
  at: number,
): Shares {
  const units = rows.length - 1
  const first = nodes[0]?.from ?? 0
  const values = new Float64Array(sumsLength(nodes, units))
  const tree = createSparseTree()
  for (let unit = 0; unit < units; unit++) {
    let node = 0
    for (let entry = rows[unit] as number; entry < (rows[unit + 1] as number); entry++) {
      const block = first + (blocks[entry] as number)
      while (block >= (nodes[node]?.to ?? Infinity)) values[node++ * units + unit] = tree.finish()
      tree.add(block, sums[at + entry] as number)
    }
    values[node * units + unit] = tree.finish()
  }
  return { nodes, values }
}

/**
 * Sums an array in the tree of `pairwiseSum` of whose entries all others are +0: two neighbours meet at the highest bit in
 * which their places differ, so what waits on a stack is added once something follows that meets it higher up. Twin of
 * assembly/window/adjoint-rows.ts.
 */
function createSparseTree() {
  const waiting = new Float64Array(33)
  const levels = new Int32Array(33)
  let depth = 0
  let last = 0
  let lastLevel = -1
  let before = 0
  return {
    add(place: number, value: number): void {
      if (lastLevel < 0) lastLevel = 0
      else {
        const level = 31 - Math.clz32(place ^ before)
        while (depth > 0 && lastLevel < level) {
          last = (waiting[--depth] as number) + last
          lastLevel = levels[depth] as number
        }
        waiting[depth] = last
        levels[depth++] = lastLevel
        lastLevel = level
      }
      last = value
      before = place
    },
    /** The sum, never -0; starts anew. */
    finish(): number {
      let sum = last
      while (depth > 0) sum = (waiting[--depth] as number) + sum
      last = 0
      lastLevel = -1
      return sum + 0
    },
  }
}
