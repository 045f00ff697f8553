import type { CutCycle } from './placement.js'

/** A projection with the smallest delay it can have. */
export interface BoundedEdge {
  readonly key: string
  readonly source: string
  readonly target: string
  /** In ms. */
  readonly bound: number
}

/** Gives the cycle along some edges with the smallest sum of delays that passes over one of them, or null. */
export function quickestCycles(edges: readonly BoundedEdge[]): (through: BoundedEdge) => CutCycle | null {
  const leaving = new Map<string, BoundedEdge[]>()
  for (const edge of edges) leaving.set(edge.source, [...(leaving.get(edge.source) ?? []), edge])
  return ({ source, target, bound }) => {
    const way = quickestWay(target, source, leaving)
    return way === null ? null : { groups: way.groups, lookahead: way.delay + bound }
  }
}

/** The cycle with the smallest sum of delays; of several, the first. */
export function quickestOf(cycles: readonly (CutCycle | null)[]): CutCycle | null {
  let quickest: CutCycle | null = null
  for (const cycle of cycles)
    if (cycle !== null && (quickest === null || cycle.lookahead < quickest.lookahead)) quickest = cycle
  return quickest
}

/** The same cycle from its first group in the given order on. */
export function startingFirst({ groups, lookahead }: CutCycle, order: readonly string[]): CutCycle {
  const first = groups.indexOf(order.find((name) => groups.includes(name)) ?? '')
  return { groups: [...groups.slice(first), ...groups.slice(0, first)], lookahead }
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
function quickestWay(start: string, end: string, leaving: ReadonlyMap<string, readonly BoundedEdge[]>): Way | null {
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
