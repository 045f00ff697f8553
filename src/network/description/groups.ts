import type { SourceGroup } from './network.js'

/** A group that emits the spikes it is given. */
export function source(size: number): SourceGroup {
  return Object.freeze({ kind: 'source', size })
}
