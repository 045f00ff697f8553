import { BLOCK, blockSum } from '../numerics/block-sum.js'
import { pairwiseSum } from '../numerics/pairwise-sum.js'

/**
 * Gradient events of one projection on their way back: one row per spike, one column per target neuron, summed over
 * the columns by blocks of 32 and a pairwise tree over blocks.
 */
export class EventRows {
  /** Sum of each block of the row taken last. */
  readonly blockSums: Float64Array
  private rows = new Float64Array(0)
  private readonly columns: number

  constructor(columns: number) {
    this.columns = columns
    this.blockSums = new Float64Array(Math.ceil(columns / BLOCK))
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

  /** The sum over a row, which is cleared. */
  take(row: number): number {
    const { rows, columns, blockSums } = this
    const from = row * columns
    for (let b = 0; b < blockSums.length; b++)
      blockSums[b] = blockSum(rows, from + b * BLOCK, Math.min(BLOCK, columns - b * BLOCK))
    rows.fill(0, from, from + columns)
    return pairwiseSum(blockSums, 0, blockSums.length)
  }
}
