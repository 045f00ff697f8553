import type { Projection } from '../network/description/network.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import type { Placement } from './placement.js'

type Ends = Pick<Projection, 'source' | 'target'>

/** How much later spikes of a projection are known than they were sent, at least, in ms. */
export type LatencyOf = (ends: Ends) => number

/** The least over all slices of the source and of the target. */
export function leastLatency(cores: readonly (readonly GroupSlice[])[], latencies: Placement['latencies']): LatencyOf {
  if (latencies === undefined) return () => 0
  return (ends) => pairLatencies(cores, latencies, ends).reduce((least, latency) => Math.min(least, latency), Infinity)
}

/** Of every slice of the source with every slice of the target, in ms. */
export function pairLatencies(
  cores: readonly (readonly GroupSlice[])[],
  latencies: NonNullable<Placement['latencies']>,
  { source, target }: Ends,
): readonly number[] {
  const coresOf = (name: string) =>
    cores.flatMap((slices, core) => (slices.some(({ group }) => group === name) ? [core] : []))
  const to = coresOf(target)
  return coresOf(source).flatMap((from) => to.map((core) => latencies[from]?.[core] ?? 0))
}
