import { InternalError } from '../events/errors.js'
import { combineTree, type TreeNode, treeParts } from '../numerics/tree-nodes.js'

/** What the values of an answer are sums over. */
export interface AnswerSums {
  /** The projection's place in the network's list; Infinity for the explicit term of a loss. */
  readonly order: number
  /** Blocks of the projection's whole target. */
  readonly blocks: number
  /** The subtrees over those blocks that the answering slice holds. */
  readonly nodes: readonly TreeNode[]
}

/** The gradient events that one slice of a projection's target, or a loss, sends back for a spike batch. */
export interface ProjectionAnswer extends AnswerSums {
  /** Node after node, one per spike of the batch: values[node · spikes + k]. */
  readonly values: Float64Array
}

/** The sums of a loss's explicit term: one number per spike, added last. */
export const EXPLICIT: AnswerSums = { order: Infinity, blocks: 1, nodes: [{ from: 0, to: 1 }] }

/**
 * Sums what came back per spike: the parts of one projection in the tree over its target's blocks, then projections in
 * file order, then the explicit term; the answers may be listed in any order.
 *
 * Raises a RangeError unless the parts of each projection are all blocks of its target, once.
 *
 * @param count spikes of the batch
 */
export function sumAnswers(count: number, answers: readonly ProjectionAnswer[]): Float64Array {
  const total = new Float64Array(count)
  const orders = [...new Set(answers.map(({ order }) => order))].sort((a, b) => (a < b ? -1 : 1))
  for (const order of orders) {
    const sum = sumParts(
      count,
      answers.filter((answer) => answer.order === order),
    )
    for (let k = 0; k < count; k++) total[k] = (total[k] as number) + (sum[k] as number)
  }
  return total
}

function sumParts(count: number, parts: readonly ProjectionAnswer[]): Float64Array {
  for (const { values, nodes, order } of parts)
    if (values.length !== count * nodes.length)
      throw new InternalError(`An answer to ${count} spikes has ${values.length} values over ${nodes.length} nodes.`, {
        order,
      })
  return combineTree(
    parts[0]?.blocks ?? 0,
    parts.flatMap(({ nodes, values }) => treeParts(nodes, values)),
  )
}
