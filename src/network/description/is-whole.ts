import type { Group } from './network.js'

/** Whether a group must not be cut into slices: an actor that says so. */
export function isWhole(group: Group): boolean {
  return group.kind === 'actor' && group.whole
}
