/** A whole subtree of the fixed tree that `pairwiseSum` adds in: leaves from … to - 1. */
export interface TreeNode {
  readonly from: number
  readonly to: number
}

/** Sums of vectors over the leaves of one subtree. */
export interface TreePart {
  readonly node: TreeNode
  readonly values: Float64Array
}

/**
 * The largest whole subtrees of the fixed tree over `count` leaves that together are the leaves from … to - 1, in order.
 *
 * What lies elsewhere needs one sum per node to add up a part of the leaves to the bit. Raises a RangeError unless
 * 0 <= from <= to <= count.
 */
export function treeNodes(count: number, from: number, to: number): readonly TreeNode[] {
  if (!(0 <= from && from <= to && to <= count))
    throw new RangeError(`leaves ${from} to ${to}, expected a part of ${count}`)
  const nodes: TreeNode[] = []
  const visit = (low: number, high: number) => {
    if (high <= from || low >= to) return
    if (from <= low && high <= to) {
      nodes.push({ from: low, to: high })
      return
    }
    const middle = low + treeSplit(high - low)
    visit(low, middle)
    visit(middle, high)
  }
  visit(0, count)
  return nodes
}

/** Numbers in a message of `perNode` sums per node: what `treeParts` reads. */
export function sumsLength({ length }: readonly TreeNode[], perNode: number): number {
  return length * perNode
}

/** The parts of sums that lie node after node, each node's vector behind the one before it. */
export function treeParts(nodes: readonly TreeNode[], values: Float64Array): readonly TreePart[] {
  const length = values.length / nodes.length
  return nodes.map((node, j) => ({ node, values: values.subarray(j * length, (j + 1) * length) }))
}

/**
 * Adds vectors of equal length element by element in the fixed tree over `count` leaves, given the sums of its subtrees
 * in any order: element j becomes `pairwiseSum` of the leaves' elements j, to the bit. Never -0.
 *
 * Raises a RangeError unless the nodes are subtrees that tile the leaves 0 … count - 1, and the lengths agree.
 *
 * @param into where the sums are written, which may be one of the vectors; default: a new array
 */
export function combineTree(count: number, parts: readonly TreePart[], into?: Float64Array): Float64Array {
  const inOrder = [...parts].sort((a, b) => a.node.from - b.node.from)
  const length = inOrder[0]?.values.length ?? 0
  let next = 0
  const sum = (low: number, high: number, at?: Float64Array): Float64Array => {
    const part = inOrder[next]
    if (part?.node.from !== low || part.node.to > high) throw untiled(count, inOrder)
    if (part.node.to === high) {
      if (part.values.length !== length)
        throw new RangeError(`a vector of ${part.values.length} values, expected ${length}`)
      next++
      return part.values
    }
    if (high - low === 1) throw untiled(count, inOrder)
    const middle = low + treeSplit(high - low)
    return added(sum(low, middle), sum(middle, high), at)
  }
  const total = count > 0 ? sum(0, count, into) : new Float64Array(0)
  if (next !== inOrder.length) throw untiled(count, inOrder)
  // A single part stays whose it is.
  return inOrder.length === 1 ? positiveZeros(total, into) : total
}

/** No sum is -0. */
function added(a: Float64Array, b: Float64Array, sums: Float64Array = new Float64Array(a.length)): Float64Array {
  for (let j = 0; j < sums.length; j++) sums[j] = (a[j] as number) + (b[j] as number) + 0
  return sums
}

function positiveZeros(values: Float64Array, into: Float64Array = new Float64Array(values.length)): Float64Array {
  for (let j = 0; j < into.length; j++) into[j] = (values[j] as number) + 0
  return into
}

function untiled(count: number, parts: readonly TreePart[]): RangeError {
  const nodes = parts.map(({ node: { from, to } }) => `${from} to ${to}`).join(', ')
  return new RangeError(`leaves ${nodes === '' ? 'none' : nodes}; expected subtrees that are ${count} leaves together`)
}

/** Where the fixed tree over `count` leaves splits: the largest power of two below `count`; count in 2 … 2^31. */
export function treeSplit(count: number): number {
  return 1 << (31 - Math.clz32(count - 1))
}
