import type { Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import { delayBounds } from '../network/graph/delay-bound.js'
import type { LatencyOf } from './least-latency.js'
import type { CutCycle, CutProjection } from './placement.js'
import { type BoundedEdge, quickestCycles, quickestOf, startingFirst } from './quickest-cycles.js'

/**
 * Of every strongly connected component that is cut, the cycle over a cut with the smallest sum of delays and latencies.
 *
 * It starts at its first group in description order. Projections without synapses lead nowhere.
 */
export function cutCyclesOf(
  network: Network,
  cuts: readonly CutProjection[],
  latencyOf: LatencyOf,
): readonly CutCycle[] {
  const cut = new Set(cuts.map(({ key }) => key))
  const bounds = delayBounds(network)
  const edges = network.projections.map(({ key, source, target }, order): BoundedEdge => {
    return { key, source, target, bound: (bounds[order] as number) + latencyOf({ source, target }) }
  })
  return components(network).flatMap(({ groups, cyclic }) => {
    if (!cyclic) return []
    const members = new Set(groups)
    const inside = edges.filter(({ source, target, bound }) => {
      return members.has(source) && members.has(target) && bound !== Number.POSITIVE_INFINITY
    })
    const through = quickestCycles(inside)
    const cycle = quickestOf(inside.filter(({ key }) => cut.has(key)).map(through))
    return cycle === null ? [] : [startingFirst(cycle, groups)]
  })
}
