import { type Component, components, type GroupGraph } from './components.js'

/** Groups, and what leads from one to another by a key. */
export interface KeyedGraph extends GroupGraph {
  readonly projections: readonly { readonly key: string; readonly source: string; readonly target: string }[]
}

/** The keys of the projections that lie on a cycle. */
export function cyclicKeys(graph: KeyedGraph, parts: readonly Component[] = components(graph)): ReadonlySet<string> {
  const onCycle = ({ source, target }: { readonly source: string; readonly target: string }) =>
    parts.some((part) => part.cyclic && part.groups.includes(source) && part.groups.includes(target))
  return new Set(graph.projections.filter(onCycle).map(({ key }) => key))
}
