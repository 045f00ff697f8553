import { InternalError } from '../../events/errors.js'
import type { DelayShape } from '../../network/instance/instance.js'
import { groupSum } from '../../numerics/group-sum.js'
import { pairwiseSum } from '../../numerics/pairwise-sum.js'
import { combineTree, sumsLength, treeParts } from '../../numerics/tree-nodes.js'
import type { ParameterLayout } from './parameter-layout.js'
import type { PartialSums } from './partial-sums.js'

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
