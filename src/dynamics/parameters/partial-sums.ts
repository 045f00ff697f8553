import { InternalError } from '../../events/errors.js'
import type { DelayShape } from '../../network/instance/instance.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { groupSum } from '../../numerics/group-sum.js'
import { pairwiseSum } from '../../numerics/pairwise-sum.js'
import { combineTree, sumsLength, type TreeNode, treeParts } from '../../numerics/tree-nodes.js'
import type { ParameterLayout, TauPlace } from './parameter-layout.js'

/**
 * What a slice of a group adds to the gradient of numbers that the whole group shares: values[node · count + k] is the sum
 * for number k over all trials and the blocks of one subtree.
 */
export interface PartialSums {
  readonly nodes: readonly TreeNode[]
  /** Node after node, `count` values each. */
  readonly values: Float64Array
}

/**
 * The partial sums of one projection's delays in a gradient vector that is summed over the trials: per source unit the sum of
 * the gradient events sent back to it.
 *
 * @param base the projection's `sharedBase`
 * @param units of its source
 */
export function partialSumsOf(
  gradient: Float64Array,
  layout: ParameterLayout,
  base: number,
  units: number,
): PartialSums {
  const { nodes, shared, sharedCount, blocks } = layout
  const firstBlock = nodes[0]?.from ?? 0
  const values = new Float64Array(sumsLength(nodes, units))
  const ofBlocks = new Float64Array(blocks)
  for (let unit = 0; unit < units; unit++) {
    for (let b = 0; b < blocks; b++) ofBlocks[b] = gradient[shared + b * sharedCount + base + unit] as number
    nodes.forEach(({ from, to }, j) => {
      values[j * units + unit] = pairwiseSum(ofBlocks, from - firstBlock, to - from)
    })
  }
  return { nodes, values }
}

/**
 * The gradient of a projection's shared delays from the partial sums of all slices of its target, in any order:
 *
 *     dL/d(delay of unit u) = tree over target blocks (sum of the gradient events returned to u)
 *     dL/d(delay of all)    = groupSum over u (the same)
 *
 * @param blocks of the whole target
 */
export function combinePartialSums(shape: DelayShape, blocks: number, parts: readonly PartialSums[]): Float64Array {
  if (shape !== 'scalar' && shape !== 'perSource') throw new InternalError(`Delays of shape ${shape} are not shared.`)
  const perUnit = combineTree(
    blocks,
    parts.flatMap(({ nodes, values }) => treeParts(nodes, values)),
  )
  return shape === 'perSource' ? perUnit : Float64Array.of(groupSum(perUnit, 0, perUnit.length))
}

/** The time constants that a whole group shares, in the order of the layout. */
export function commonTaus({ taus }: Pick<ParameterLayout, 'taus'>): readonly TauPlace[] {
  return taus.filter(({ isCommon }) => isCommon)
}

/** The partial sums of a group's common time constants in a gradient vector that is summed over the trials; one value each. */
export function tauPartialSumsOf(gradient: Float64Array, layout: ParameterLayout): PartialSums {
  const { nodes, size } = layout
  const first = (nodes[0]?.from ?? 0) * BLOCK
  const places = commonTaus(layout)
  const values = new Float64Array(sumsLength(nodes, places.length))
  nodes.forEach(({ from, to }, j) => {
    const start = from * BLOCK - first
    const count = Math.min(to * BLOCK - first, size) - start
    places.forEach(({ perNeuron }, k) => {
      values[j * places.length + k] = groupSum(gradient, perNeuron + start, count)
    })
  })
  return { nodes, values }
}

/**
 * The gradient by the common time constants from the partial sums of all slices of their group, in any order:
 *
 *     dL/dtau = tree over blocks (sum over neurons of the gradient by their own constant)
 *
 * @param blocks of the whole group
 */
export function combineTauPartialSums(blocks: number, parts: readonly PartialSums[]): Float64Array {
  return combineTree(
    blocks,
    parts.flatMap(({ nodes, values }) => treeParts(nodes, values)),
  )
}
