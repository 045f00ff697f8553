/**
 * One cycle from every strongly connected set of nodes, as the nodes along it; the last leads back to the first.
 *
 * Source: Tarjan 1972 (SIAM J. Comput. 1:146).
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()
  const cycles: string[][] = []

  function visit(node: string): number {
    let lowest = order.size
    order.set(node, lowest)
    open.push(node)
    isOpen.add(node)
    for (const next of edges.get(node) ?? []) {
      const seen = order.get(next)
      if (seen === undefined) lowest = Math.min(lowest, visit(next))
      else if (isOpen.has(next)) lowest = Math.min(lowest, seen)
    }
    low.set(node, lowest)
    if (lowest === order.get(node)) close(node)
    return lowest
  }

  function close(node: string): void {
    const members = open.splice(open.indexOf(node))
    for (const member of members) isOpen.delete(member)
    const loops = members.length > 1 || (edges.get(node) ?? []).includes(node)
    if (loops) cycles.push(shortestCycle(node, new Set(members), edges))
  }

  for (const node of edges.keys()) if (!order.has(node)) visit(node)
  return cycles
}

/** The shortest way from a node back to itself inside its strongly connected set. */
function shortestCycle(
  start: string,
  members: ReadonlySet<string>,
  edges: ReadonlyMap<string, readonly string[]>,
): string[] {
  const ways: string[][] = [[start]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of edges.get(way.at(-1) as string) ?? []) {
      if (next === start) return way
      if (!members.has(next) || seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return [start]
}
