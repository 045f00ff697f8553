export interface Edge {
  readonly source: string
  readonly target: string
}

/**
 * The names along a cycle of a graph, or null if there is none; the last name leads back to the first.
 *
 * It is a shortest cycle through the first of `names` that lies on one.
 */
export function findCycle(names: readonly string[], edges: readonly Edge[]): readonly string[] | null {
  const targets = new Map<string, string[]>(names.map((name) => [name, []]))
  for (const { source, target } of edges) {
    if (targets.has(target)) targets.get(source)?.push(target)
  }
  for (const name of names) {
    const cycle = cycleThrough(name, targets)
    if (cycle !== null) return cycle
  }
  return null
}

/** Breadth first from `start` until an edge leads back to it. */
function cycleThrough(start: string, targets: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[start, null]])
  for (const name of cameFrom.keys()) {
    for (const target of targets.get(name) ?? []) {
      if (target === start) return pathTo(name, cameFrom)
      if (!cameFrom.has(target)) cameFrom.set(target, name)
    }
  }
  return null
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string | null>): readonly string[] {
  const path: string[] = []
  for (let name: string | null | undefined = end; name != null; name = cameFrom.get(name)) path.push(name)
  return path.reverse()
}
