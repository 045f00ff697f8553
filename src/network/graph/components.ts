/** Named groups and what leads from one to another, as in a network, an instance of one, or a part of it. */
export interface GroupGraph {
  readonly groups: readonly { readonly name: string }[]
  readonly projections: readonly { readonly source: string; readonly target: string }[]
}

/** Groups that can all reach one another, or a single group. */
export interface Component {
  /** In description order. */
  readonly groups: readonly string[]
  /** Whether a spike may come back to the group it left. */
  readonly cyclic: boolean
}

/**
 * The strongly connected components of the graph of groups, in topological order: no projection leads backward.
 *
 * A projection counts whatever synapses it has.
 * Source: Tarjan 1972 (SIAM J. Comput. 1:146), with an explicit stack.
 */
export function components({ groups, projections }: GroupGraph): readonly Component[] {
  const names = groups.map(({ name }) => name)
  const indices = new Map(names.map((name, index) => [name, index]))
  const targets: number[][] = names.map(() => [])
  for (const { source, target } of projections) {
    targets[indices.get(source) as number]?.push(indices.get(target) as number)
  }
  return stronglyConnected(targets).map((members) => {
    const [first] = members as [number, ...number[]]
    const cyclic = members.length > 1 || targets[first]?.includes(first) === true
    return { groups: members.map((index) => names[index] as string), cyclic }
  })
}

interface Visit {
  readonly node: number
  /** The next of the node's targets to look at. */
  next: number
}

/** Each node's component, components in topological order, nodes ascending inside. */
function stronglyConnected(targets: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(targets.length).fill(-1)
  const low = new Int32Array(targets.length)
  const closed = new Uint8Array(targets.length)
  const pending: number[] = []
  const found: number[][] = []
  let count = 0

  const enter = (node: number): Visit => {
    order[node] = low[node] = count++
    pending.push(node)
    return { node, next: 0 }
  }
  const lower = (node: number, value: number) => {
    low[node] = Math.min(low[node] as number, value)
  }
  const leave = (node: number) => {
    if (low[node] !== order[node]) return
    const members = pending.splice(pending.lastIndexOf(node))
    for (const member of members) closed[member] = 1
    found.push(members.sort((a, b) => a - b))
  }

  // Components are found last first; starting from the last group brings them close to description order.
  for (let root = targets.length - 1; root >= 0; root--) {
    if (order[root] !== -1) continue
    const path = [enter(root)]
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const { node } = visit
      const target = targets[node]?.[visit.next++]
      if (target === undefined) {
        leave(node)
        path.pop()
        const parent = path.at(-1)
        if (parent !== undefined) lower(parent.node, low[node] as number)
      } else if (order[target] === -1) path.push(enter(target))
      else if (closed[target] === 0) lower(node, order[target] as number)
    }
  }
  return found.reverse()
}
