import { BLOCK, blockSum } from '../../../numerics/block-sum.js'
import { pairwiseSum } from '../../../numerics/pairwise-sum.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'

/**
 * Gradient events of one projection on their way back: one row per spike, one column per target neuron held, summed over
 * the columns by blocks of 32, and over blocks in the subtrees of a pairwise tree.
 */
export class EventRows {
  /** Sum of each block, and of each node of the tree, of the row taken last. */
  readonly blockSums: Float64Array
  readonly nodeSums: Float64Array
  private rows = new Float64Array(0)
  private readonly columns: number
  private readonly nodes: readonly TreeNode[]

  /** @param nodes subtrees that together are the blocks of the columns */
  constructor(columns: number, nodes: readonly TreeNode[]) {
    this.columns = columns
    this.nodes = nodes
    this.blockSums = new Float64Array(Math.ceil(columns / BLOCK))
    this.nodeSums = new Float64Array(nodes.length)
  }

  /** Makes room for `count` rows; new rows are zero. */
  reserve(count: number): void {
    if (count * this.columns <= this.rows.length) return
    const grown = new Float64Array(Math.max(count * this.columns, 2 * this.rows.length))
    grown.set(this.rows)
    this.rows = grown
  }

  add(row: number, column: number, event: number): void {
    const at = row * this.columns + column
    this.rows[at] = (this.rows[at] as number) + event
  }

  /** Sums a row into `blockSums` and `nodeSums`; the row is cleared. */
  take(row: number): void {
    const { rows, columns, blockSums, nodeSums, nodes } = this
    const from = row * columns
    for (let b = 0; b < blockSums.length; b++)
      blockSums[b] = blockSum(rows, from + b * BLOCK, Math.min(BLOCK, columns - b * BLOCK))
    rows.fill(0, from, from + columns)
    const first = nodes[0]?.from ?? 0
    for (let j = 0; j < nodeSums.length; j++) {
      const node = nodes[j] as TreeNode
      nodeSums[j] = pairwiseSum(blockSums, node.from - first, node.to - node.from)
    }
  }
}
