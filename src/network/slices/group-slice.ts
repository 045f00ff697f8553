import type { Group } from '../description/network.js'
import type { Slice } from './blocks.js'

/** Neurons start … end - 1 of a group: what one core holds of it. Cut between blocks of 32. */
export interface GroupSlice extends Slice {
  readonly group: string
}

/** Whether a group must not be cut into slices: an actor that says so. */
export function isWhole(group: Group): boolean {
  return group.kind === 'actor' && group.whole
}
