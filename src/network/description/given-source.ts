import type { Group } from './network.js'

/** What of a group, described or drawn, tells where its spikes come from. */
export interface SpikeOrigin {
  readonly kind: Group['kind']
  readonly emission?: unknown
}

/** Whether a group is a source whose spikes are given as input. */
export function isGiven({ kind, emission }: SpikeOrigin): boolean {
  return kind === 'source' && emission === undefined
}

/** What a group is instead of a source of input, in the words of an error message. */
export function describeGroup({ kind }: Group): string {
  return kind === 'source' ? 'a source that emits by itself' : `a group of kind ${kind}`
}
