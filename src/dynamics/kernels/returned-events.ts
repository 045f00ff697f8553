import { InternalError } from '../../events/errors.js'
import { combineTree, sumsLength, type TreeNode, treeParts } from '../../numerics/tree-nodes.js'

/** What returned values are sums over. */
export interface ReturnedSums {
  /** The projection's place in the network's list; Infinity for the explicit term of a loss. */
  readonly order: number
  /** Blocks of the projection's whole target. */
  readonly blocks: number
  /** The subtrees over those blocks that the returning slice holds. */
  readonly nodes: readonly TreeNode[]
}

/** The gradient events that one slice of a projection's target, or a loss, sends back for a spike batch. */
export interface ReturnedEvents extends ReturnedSums {
  /** Node after node, one per spike of the batch: values[node · spikes + k]. */
  readonly values: Float64Array
}

/** The sums of a loss's explicit term: one number per spike, added last. */
export const EXPLICIT: ReturnedSums = { order: Infinity, blocks: 1, nodes: [{ from: 0, to: 1 }] }

/**
 * Sums what came back per spike: the parts of one projection in the tree over its target's blocks, then projections in
 * file order, then the explicit term; they may be listed in any order. Never -0.
 *
 * A lone projection that ends in a single slice has summed already: its values are handed on as they are.
 *
 * Raises a RangeError unless the parts of each projection are all blocks of its target, once.
 *
 * @param count spikes of the batch
 */
export function sumReturned(count: number, returned: readonly ReturnedEvents[]): Float64Array {
  const [only] = returned
  if (only !== undefined && returned.length === 1 && only.order !== EXPLICIT.order) return sumParts(count, returned)
  const total = new Float64Array(count)
  const inOrder = [...returned].sort(byOrder)
  let first = 0
  while (first < inOrder.length) {
    let end = first + 1
    while (end < inOrder.length && inOrder[end]?.order === inOrder[first]?.order) end++
    const sum = sumParts(count, inOrder.slice(first, end))
    for (let k = 0; k < count; k++) total[k] = (total[k] as number) + (sum[k] as number)
    first = end
  }
  return total
}

function byOrder({ order: a }: ReturnedEvents, { order: b }: ReturnedEvents): number {
  // Infinity - Infinity is no number.
  return a < b ? -1 : Number(a > b)
}

/** The sum over one projection's target; what a whole target sends is that sum. Never -0, but for an explicit term. */
function sumParts(count: number, parts: readonly ReturnedEvents[]): Float64Array {
  for (const { values, nodes, order } of parts)
    if (values.length !== sumsLength(nodes, count))
      throw new InternalError(
        `What returns for ${count} spikes has ${values.length} values over ${nodes.length} nodes.`,
        {
          order,
        },
      )
  const [part] = parts
  if (part !== undefined && parts.length === 1 && isWhole(part)) return part.values
  return combineTree(
    part?.blocks ?? 0,
    parts.flatMap(({ nodes, values }) => treeParts(nodes, values)),
  )
}

function isWhole({ nodes, blocks }: ReturnedSums): boolean {
  const [node] = nodes
  return nodes.length === 1 && node?.from === 0 && node.to === blocks
}
