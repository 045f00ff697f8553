import { BLOCK } from '../../numerics/block-sum.js'
import { groupSum } from '../../numerics/group-sum.js'
import { combineTree, sumsLength, treeParts } from '../../numerics/tree-nodes.js'
import type { ParameterLayout, TauPlace } from './parameter-layout.js'
import type { PartialSums } from './partial-sums.js'

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
