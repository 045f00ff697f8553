import type { GroupSlice } from '../network/group-slice.js'
import type { Projection } from '../network/network.js'
import type { Placement } from './placement.js'

/** How much later spikes of a projection are known than they were sent, at least, in ms. */
export type LatencyOf = (projection: Pick<Projection, 'source' | 'target'>) => number

/** The least over all slices of the source and of the target. */
export function leastLatency(cores: readonly (readonly GroupSlice[])[], latencies: Placement['latencies']): LatencyOf {
  if (latencies === undefined) return () => 0
  const coresOf = (name: string) =>
    cores.flatMap((slices, core) => (slices.some(({ group }) => group === name) ? [core] : []))
  return ({ source, target }) => {
    const to = coresOf(target)
    return coresOf(source).reduce((least, from) => {
      return to.reduce((own, core) => Math.min(own, latencies[from]?.[core] ?? 0), least)
    }, Number.POSITIVE_INFINITY)
  }
}
