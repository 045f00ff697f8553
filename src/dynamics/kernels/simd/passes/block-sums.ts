import { pairwiseSum } from '../../../../numerics/pairwise-sum.js'
import { sumsLength } from '../../../../numerics/tree-nodes.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { TrialSum } from '../../../parameters/trial-sum.js'

/** A batch of spikes that came, and the number of its first spike among those of all batches. */
export interface Batch {
  readonly offsets: Uint32Array
  readonly units: Uint32Array
  readonly slot: number
  /** First source unit of its projection among those with shared delays; -1 if it has none. */
  readonly sharedBase: number
}

/** Gradient events sent back to each spike, summed over the neurons of each block of 32: values[block · slots + slot]. */
export interface BlockSums {
  readonly values: Float64Array
  /** Spikes of all batches. */
  readonly slots: number
}

/** What returns for some spikes: values[node · spikes + k], over the blocks of each node of the layout. */
export function sumNodes(
  { returnedNodes: nodes, blocks }: ParameterLayout,
  sums: BlockSums,
  slot: number,
  spikes: number,
): Float64Array {
  const returned = new Float64Array(sumsLength(nodes, spikes))
  const first = nodes[0]?.from ?? 0
  const column = new Float64Array(blocks)
  nodes.forEach(({ from, to }, node) => {
    const at = node * spikes
    const start = (from - first) * sums.slots + slot
    if (to - from === 1) returned.set(sums.values.subarray(start, start + spikes), at)
    else
      for (let k = 0; k < spikes; k++) {
        for (let b = 0; b < to - from; b++) column[b] = sums.values[start + b * sums.slots + k] as number
        returned[at + k] = pairwiseSum(column, 0, to - from)
      }
  })
  return returned
}

/**
 * The gradient events sent back to each source unit, per block: over the spikes of a trial, the last one first. Hands
 * [block · units + unit] of every trial to `sum`.
 */
export function sumShared(
  layout: ParameterLayout,
  sums: BlockSums,
  batches: readonly Batch[],
  trials: number,
  sum: TrialSum,
): void {
  const { blocks, sharedCount } = layout
  const ofTrial = new Float64Array(blocks * sharedCount)
  const inReverse = batches.toReversed().filter(({ sharedBase }) => sharedBase >= 0)
  for (let trial = 0; trial < trials; trial++) {
    for (const batch of inReverse) sumSharedBatch(layout, sums, batch, trial, ofTrial)
    sum.take(ofTrial, 0)
  }
}

/** Adds those of one batch in a trial, the last spike first, to [block · units + unit]. */
export function sumSharedBatch(
  { blocks, sharedCount }: ParameterLayout,
  sums: BlockSums,
  { offsets, units, slot, sharedBase }: Batch,
  trial: number,
  into: Float64Array,
): void {
  const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
  const { values, slots } = sums
  for (let b = 0; b < blocks; b++) {
    const row = b * sharedCount + sharedBase
    const events = b * slots + slot
    for (let k = to - 1; k >= from; k--) {
      const at = row + (units[k] as number)
      into[at] = (into[at] as number) + (values[events + k] as number)
    }
  }
}
