import type { Slice } from './blocks.js'

/** Neurons start … end - 1 of a group: what one core holds of it. Cut between blocks of 32. */
export interface GroupSlice extends Slice {
  readonly group: string
}
