import { BLOCK } from '../numerics/block-sum.js'
import { groupSum } from '../numerics/group-sum.js'
import { combineTree, type TreeNode, treeNodes } from '../numerics/tree-nodes.js'

/**
 * One array of a gradient, as far as a slice of a group holds it: one entry per held neuron, or one per synapse into
 * them.
 */
export interface GradientTerm {
  /** The array's place in the one order in which terms are added, see `TERM_ORDER`. */
  readonly term: number
  readonly values: Float64Array
  /** Held neuron of each entry; null where there is one entry per neuron. */
  readonly targets: ArrayLike<number> | null
  /** First neuron held, neurons held, and neurons of the whole group. */
  readonly start: number
  readonly size: number
  readonly total: number
}

/** A slice's part of the sum of squares of one array: one sum per subtree of the tree over the group's blocks. */
export interface SquaresPart {
  readonly term: number
  readonly blocks: number
  readonly nodes: readonly TreeNode[]
  readonly sums: Float64Array
}

/**
 * The order of terms: per projection in file order weights, delays; then per group in file order threshold, adaptStep,
 * bias.
 */
export const TERM_ORDER = {
  weights: (projection: number) => 2 * projection,
  delays: (projection: number) => 2 * projection + 1,
  ofGroup: (projections: number, group: number, array: 'threshold' | 'adaptStep' | 'bias') =>
    2 * projections + 3 * group + ['threshold', 'adaptStep', 'bias'].indexOf(array),
} as const

/**
 * The sum of squares of (scale · entry): entries are first summed per neuron in their order, then neurons by blocks and
 * the tree over blocks, so that a slice can do its part alone.
 */
export function squaresOf({ term, values, targets, start, size, total }: GradientTerm, scale: number): SquaresPart {
  const perNeuron = new Float64Array(size)
  for (let index = 0; index < values.length; index++) {
    const value = (values[index] as number) * scale
    const neuron = targets === null ? index : (targets[index] as number)
    perNeuron[neuron] = (perNeuron[neuron] as number) + value * value
  }
  const blocks = Math.ceil(total / BLOCK)
  const nodes = treeNodes(blocks, start / BLOCK, Math.ceil((start + size) / BLOCK))
  const sums = Float64Array.from(nodes, ({ from, to }) => {
    const first = from * BLOCK - start
    return groupSum(perNeuron, first, Math.min(to * BLOCK - start, size) - first)
  })
  return { term, blocks, nodes, sums }
}

/** The sum over all terms, from the parts of every slice, given in any order. */
export function sumSquares(parts: readonly SquaresPart[]): number {
  const terms = new Map<number, SquaresPart[]>()
  for (const part of parts) terms.set(part.term, [...(terms.get(part.term) ?? []), part])
  const inOrder = [...terms].sort(([a], [b]) => a - b)
  return inOrder.reduce((sum, [, list]) => sum + sumOfTerm(list), 0)
}

function sumOfTerm(parts: readonly SquaresPart[]): number {
  const tiles = parts.flatMap(({ nodes, sums }) => nodes.map((node, k) => ({ node, values: sums.subarray(k, k + 1) })))
  tiles.sort((a, b) => a.node.from - b.node.from)
  return combineTree(parts[0]?.blocks ?? 0, tiles)[0] as number
}

/** NaN if there is one. */
export function largestMagnitude(arrays: readonly Float64Array[]): number {
  let top = 0
  for (const values of arrays)
    for (let index = 0; index < values.length; index++) top = Math.max(top, Math.abs(values[index] as number))
  return top
}
