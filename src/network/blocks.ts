import { BLOCK } from '../numerics/block-sum.js'

/** Neurons start … end - 1 of a group. */
export interface Slice {
  readonly start: number
  readonly end: number
}

/**
 * The blocks of 32 neurons that a group falls into; the last may be shorter.
 *
 * Sums across neurons go block by block and slices are cut between blocks, so a sum does not depend on the slicing.
 */
export function blocksOf(size: number): readonly Slice[] {
  return Array.from({ length: Math.ceil(size / BLOCK) }, (_, block) => ({
    start: block * BLOCK,
    end: Math.min(size, (block + 1) * BLOCK),
  }))
}
