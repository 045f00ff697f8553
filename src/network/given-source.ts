import type { Group } from './network.js'

/** Whether a group is a source whose spikes are given as input. */
export function isGiven(group: Group): boolean {
  return group.kind === 'source' && group.emission === undefined
}

/** What a group is instead of a source of input, in the words of an error message. */
export function describeGroup({ kind }: Group): string {
  return kind === 'source' ? 'a source that emits by itself' : `a group of kind ${kind}`
}
