import type { Network, Projection } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import { delayBounds } from '../network/graph/delay-bound.js'
import { MINIMAL_CYCLE_DELAY } from '../network/graph/lookahead.js'
import type { LatencyOf } from './least-latency.js'
import type { CutCycle } from './placement.js'
import { type BoundedEdge, quickestCycles, quickestOf, startingFirst } from './quickest-cycles.js'

/** Groups on common cycles that are crossed in next to no time; a spike may come back before a window could end. */
export interface QuickCycle {
  readonly groups: readonly string[]
  /** Its quickest cycle; the last group leads back to the first. */
  readonly cycle: readonly string[]
  /** Smallest sum of delays, and latencies, around that cycle in ms. */
  readonly delay: number
}

/** The quick cycle that a group belongs to; undefined if it belongs to none. */
export type QuickCycleOf = (group: string) => QuickCycle | undefined

/** The quick cycles of a network, from what its description says of the delays. */
export interface QuickCycles {
  /**
   * Along cycles that as a whole can be crossed in less than MINIMAL_CYCLE_DELAY: never cut, for partitions would need
   * windows without number to get anywhere, or could not advance at all.
   */
  readonly tight: QuickCycleOf
  /** Along cycles whose projections can each be crossed in less than MINIMAL_CYCLE_DELAY: better not cut. */
  readonly short: QuickCycleOf
}

/** @param latencyOf what passes from any slice of a projection's source to any of its target at least; default 0 */
export function findQuickCycles(network: Network, latencyOf: LatencyOf = () => 0): QuickCycles {
  const bounds = delayBounds(network).map((bound, order) => bound + latencyOf(network.projections[order] as Projection))
  const quick = network.projections
    .map(({ key, source, target }, order): BoundedEdge => ({ key, source, target, bound: bounds[order] as number }))
    .filter(({ bound }) => bound < MINIMAL_CYCLE_DELAY)
  const short = quickCyclesAlong(network, quick)
  // Every other edge lies on no cycle of quick ones.
  const tied = quick.filter(({ source, target }) => short(source) !== undefined && short(source) === short(target))
  const through = quickestCycles(tied)
  const tight = tied.filter((edge) => (through(edge)?.lookahead ?? Number.POSITIVE_INFINITY) < MINIMAL_CYCLE_DELAY)
  return { tight: quickCyclesAlong(network, tight), short }
}

function quickCyclesAlong({ groups: all }: Network, edges: readonly BoundedEdge[]): QuickCycleOf {
  const quickCycles = new Map<string, QuickCycle>()
  for (const { groups, cyclic } of components({ groups: all, projections: edges })) {
    const cycle = cyclic ? quickestAmong(groups, edges) : null
    if (cycle === null) continue
    const quickCycle: QuickCycle = { groups, cycle: cycle.groups, delay: cycle.lookahead }
    for (const group of groups) quickCycles.set(group, quickCycle)
  }
  return (group) => quickCycles.get(group)
}

function quickestAmong(groups: readonly string[], edges: readonly BoundedEdge[]): CutCycle | null {
  const members = new Set(groups)
  const inside = edges.filter(({ source, target }) => members.has(source) && members.has(target))
  const cycle = quickestOf(inside.map(quickestCycles(inside)))
  return cycle === null ? null : startingFirst(cycle, groups)
}

/** `a -> b -> a` */
export function describeCycle(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(' -> ')
}

/** What would let a cycle be cut, as the end of a sentence. */
export const CYCLE_REMEDY = `give a projection of the cycle delays that are surely ${MINIMAL_CYCLE_DELAY} ms or more.`
