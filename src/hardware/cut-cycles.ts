import { components } from '../network/components.js'
import { delayBounds } from '../network/delay-bound.js'
import type { Network } from '../network/network.js'
import type { CutCycle, CutProjection } from './placement.js'

/** A projection inside a component, with the smallest delay it can have. */
interface Edge {
  readonly key: string
  readonly source: string
  readonly target: string
  readonly bound: number
}

/**
 * Of every strongly connected component that is cut, the cycle over a cut with the smallest sum of delays.
 *
 * It starts at its first group in description order. Projections without synapses lead nowhere.
 */
export function cutCyclesOf(network: Network, cuts: readonly CutProjection[]): readonly CutCycle[] {
  const cut = new Set(cuts.map(({ key }) => key))
  const bounds = delayBounds(network)
  const edges = network.projections.map(({ key, source, target }, order): Edge => {
    return { key, source, target, bound: bounds[order] as number }
  })
  return components(network).flatMap(({ groups, cyclic }) => {
    if (!cyclic) return []
    const members = new Set(groups)
    const inside = edges.filter(({ source, target, bound }) => {
      return members.has(source) && members.has(target) && bound !== Number.POSITIVE_INFINITY
    })
    const cycle = quickestCycle(inside, cut)
    return cycle === null ? [] : [startingFirst(cycle, groups)]
  })
}

function quickestCycle(edges: readonly Edge[], cut: ReadonlySet<string>): CutCycle | null {
  const leaving = new Map<string, Edge[]>()
  for (const edge of edges) leaving.set(edge.source, [...(leaving.get(edge.source) ?? []), edge])
  let quickest: CutCycle | null = null
  for (const edge of edges) {
    if (!cut.has(edge.key)) continue
    const way = quickestWay(edge.target, edge.source, leaving)
    if (way === null) continue
    const lookahead = way.delay + edge.bound
    if (quickest === null || lookahead < quickest.lookahead) quickest = { groups: way.groups, lookahead }
  }
  return quickest
}

interface Way {
  readonly groups: readonly string[]
  readonly delay: number
}

/**
 * The way with the smallest sum of delays, both ends included.
 *
 * Groups are looked at again whenever a quicker way to them turns up (Moore 1959), so no queue by delay is needed.
 */
function quickestWay(start: string, end: string, leaving: ReadonlyMap<string, readonly Edge[]>): Way | null {
  const ways = new Map([[start, { delay: 0, before: null as string | null }]])
  const waiting = new Set([start])
  for (const group of waiting) {
    waiting.delete(group)
    const { delay } = ways.get(group) as { delay: number }
    for (const { target, bound } of leaving.get(group) ?? []) {
      if (delay + bound >= (ways.get(target)?.delay ?? Number.POSITIVE_INFINITY)) continue
      ways.set(target, { delay: delay + bound, before: group })
      waiting.add(target)
    }
  }
  const last = ways.get(end)
  if (last === undefined) return null
  const groups: string[] = []
  for (let group: string | null = end; group !== null; group = ways.get(group)?.before ?? null) groups.push(group)
  return { groups: groups.reverse(), delay: last.delay }
}

/** The same cycle from its first group in the given order on. */
function startingFirst({ groups, lookahead }: CutCycle, order: readonly string[]): CutCycle {
  const first = groups.indexOf(order.find((name) => groups.includes(name)) ?? '')
  return { groups: [...groups.slice(first), ...groups.slice(0, first)], lookahead }
}
