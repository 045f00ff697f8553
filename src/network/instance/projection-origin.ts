import type { Slice } from '../slices/blocks.js'

/** Where the numbers of a projection into a slice come from. */
export interface ProjectionOrigin {
  readonly order: number
  readonly fromSource: boolean
  /** Sizes of the whole groups. */
  readonly whole: { readonly sources: number; readonly targets: number }
  readonly slice: Slice
  readonly seed: number
}
