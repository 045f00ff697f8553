import { createTreeAccumulator, type TreeAccumulator } from '../../numerics/tree-accumulator.js'

/** Trials that are summed one after the other, whatever the number of threads; the chunks are then summed in a pairwise tree. */
export const TRIAL_CHUNK = 32

/** Trials of a micro-batch are a multiple of these: a chunk may go on in the next one. */
export const MICRO_BATCH_UNIT = 8

/**
 * Sums gradient vectors over the trials of a mini-batch in the fixed order: trials one after the other inside a chunk
 * of `TRIAL_CHUNK`, chunks in a pairwise tree.
 */
export class TrialSum {
  private readonly chunk: Float64Array
  private readonly tree: TreeAccumulator
  private pending = 0

  constructor(length: number) {
    this.chunk = new Float64Array(length)
    this.tree = createTreeAccumulator(length)
  }

  /** Adds the next trial's vector, read from `values[offset …]`, and clears it there. */
  take(values: Float64Array, offset: number): void {
    const { chunk } = this
    const end = offset + chunk.length
    if (this.pending === 0) chunk.set(values.subarray(offset, end))
    else for (let k = 0; k < chunk.length; k++) chunk[k] = (chunk[k] as number) + (values[offset + k] as number)
    values.fill(0, offset, end)
    if (++this.pending === TRIAL_CHUNK) this.closeChunk()
  }

  /** Writes the sum to `into` and starts over. */
  finish(into: Float64Array): void {
    const { chunk, tree } = this
    if (this.pending > 0 && tree.leaves === 0) {
      // No tree over a single chunk; no sum is -0.
      for (let k = 0; k < chunk.length; k++) into[k] = (chunk[k] as number) + 0
      this.pending = 0
      return
    }
    if (this.pending > 0) this.closeChunk()
    tree.finish(into)
  }

  private closeChunk(): void {
    this.tree.push(this.chunk)
    this.pending = 0
  }
}
