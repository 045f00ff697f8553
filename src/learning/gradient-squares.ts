import { TAU_FIELDS, type TauField } from '../network/description/time-constants.js'
import { type LearnedField, NEURON_PARAMETERS } from '../network/models/neuron-model.js'
import { blocksIn, nodesOfSlice } from '../network/slices/blocks.js'
import { BLOCK } from '../numerics/block-sum.js'
import { groupSum } from '../numerics/group-sum.js'
import { combineTree, type TreeNode } from '../numerics/tree-nodes.js'

/**
 * One array of a gradient, as far as a slice of a group holds it: one entry per held neuron, or one per synapse into
 * them.
 */
export interface GradientTerm {
  /** The array's place in the one order in which terms are added, see `TERM_ORDER`. */
  readonly term: number
  readonly values: Float64Array
  /** Held neuron of each entry; null where each neuron has equally many, the entries of one neuron after the other's. */
  readonly targets: ArrayLike<number> | null
  /** Per neuron held the sum of squares of (scale · entry), in their order, if already computed; else null. */
  squares?(scale: number): Float64Array | null
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

const NEURON_FIELDS: readonly LearnedField[] = Object.values(NEURON_PARAMETERS)

/**
 * The order of terms: per projection in file order weights, delays; then per group in file order threshold, adaptStep,
 * bias; then per group in file order the time constants, in the order of `TAU_FIELDS`.
 */
export const TERM_ORDER = {
  weights: (projection: number) => 2 * projection,
  delays: (projection: number) => 2 * projection + 1,
  ofGroup: (projections: number, group: number, array: LearnedField) =>
    2 * projections + NEURON_FIELDS.length * group + NEURON_FIELDS.indexOf(array),
  ofTau: (projections: number, groups: number, group: number, field: TauField) =>
    2 * projections + NEURON_FIELDS.length * groups + TAU_FIELDS.length * group + TAU_FIELDS.indexOf(field),
} as const

/**
 * The sum of squares of (scale · entry): entries are first summed per neuron in their order, then neurons by blocks and
 * the tree over blocks, so that a slice can do its part alone.
 */
export function squaresOf(of: GradientTerm, scale: number): SquaresPart {
  const { term, start, size, total } = of
  const perNeuron = of.squares?.(scale) ?? squaresOfEntries(of, scale)
  const nodes = nodesOfSlice(total, { start, end: start + size })
  const sums = Float64Array.from(nodes, ({ from, to }) => {
    const first = from * BLOCK - start
    return groupSum(perNeuron, first, Math.min(to * BLOCK - start, size) - first)
  })
  return { term, blocks: blocksIn(total), nodes, sums }
}

function squaresOfEntries({ values, targets, size }: GradientTerm, scale: number): Float64Array {
  return targets === null ? squaresOfRows(values, size, scale) : squaresOfList(values, targets, size, scale)
}

/** Per row of `values`, which has `size` of them, the sum of squares; four rows side by side, as each waits for itself. */
function squaresOfRows(values: Float64Array, size: number, scale: number): Float64Array {
  const sums = new Float64Array(size)
  const length = values.length / size
  const square = (index: number) => {
    const value = (values[index] as number) * scale
    return value * value
  }
  let row = 0
  for (; row + 4 <= size; row += 4) {
    const from = row * length
    let [a, b, c, d] = [0, 0, 0, 0]
    for (let k = from; k < from + length; k++) {
      a += square(k)
      b += square(k + length)
      c += square(k + 2 * length)
      d += square(k + 3 * length)
    }
    sums[row] = a
    sums[row + 1] = b
    sums[row + 2] = c
    sums[row + 3] = d
  }
  for (; row < size; row++) {
    let sum = 0
    for (let k = row * length; k < (row + 1) * length; k++) sum += square(k)
    sums[row] = sum
  }
  return sums
}

function squaresOfList(values: Float64Array, targets: ArrayLike<number>, size: number, scale: number): Float64Array {
  const sums = new Float64Array(size)
  for (let index = 0; index < values.length; index++) {
    const value = (values[index] as number) * scale
    const neuron = targets[index] as number
    sums[neuron] = (sums[neuron] as number) + value * value
  }
  return sums
}

/** The sum of squares of a term. */
export interface TermSquares {
  readonly term: number
  readonly sum: number
}

/** The sums of all terms, in their order, from the parts of every slice, given in any order. */
export function squaresByTerm(parts: readonly SquaresPart[]): readonly TermSquares[] {
  const terms = new Map<number, SquaresPart[]>()
  for (const part of parts) {
    const known = terms.get(part.term)
    if (known === undefined) terms.set(part.term, [part])
    else known.push(part)
  }
  return [...terms].map(([term, list]) => ({ term, sum: sumOfTerm(list) })).sort((a, b) => a.term - b.term)
}

/**
 * The sum over terms, given in their order.
 *
 * @param isWanted which terms count; default: all
 */
export function sumSquares(terms: readonly TermSquares[], isWanted: (term: number) => boolean = () => true): number {
  let total = 0
  for (const { term, sum } of terms) if (isWanted(term)) total += sum
  return total
}

function sumOfTerm(parts: readonly SquaresPart[]): number {
  const tiles = parts.flatMap(({ nodes, sums }) => nodes.map((node, k) => ({ node, values: sums.subarray(k, k + 1) })))
  return combineTree(parts[0]?.blocks ?? 0, tiles)[0] as number
}

/** Sums of squares below this, however many, come from entries far below any whose squares overflow when added up. */
export const HARMLESS = 2 ** 900

/**
 * The largest magnitude of a gradient whose squares may overflow; NaN if an entry is not a number. 0 where the squares
 * found are so small that no entry here can be the largest of a gradient that overflows.
 *
 * If fewer than 2^50 squares overflow, the largest entry is above 2^486; those of harmless sums are below 2^450.
 */
export function largestOfHuge(terms: readonly GradientTerm[], squares: readonly SquaresPart[]): number {
  if (squares.every(({ sums }) => sums.every((sum) => sum < HARMLESS))) return 0
  return largestMagnitude(terms.map(({ values }) => values))
}

/** NaN if there is one. */
export function largestMagnitude(arrays: readonly Float64Array[]): number {
  let top = 0
  for (const values of arrays)
    for (let index = 0; index < values.length; index++) top = Math.max(top, Math.abs(values[index] as number))
  return top
}
