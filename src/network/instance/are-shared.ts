import type { Delays } from '../description/network.js'

/** Whether several neurons share a delay: then it belongs to their whole group, not to a slice. */
export function areShared({ kind }: Delays): boolean {
  return kind === 'scalar' || kind === 'perSource'
}
