import type { GroupGraph } from './components.js'

/** The groups that spikes of some groups can lead to, along projections: these themselves among them. */
export function groupsBehind(
  { projections }: Pick<GroupGraph, 'projections'>,
  from: readonly string[],
): ReadonlySet<string> {
  const found = new Set(from)
  // A set that grows is gone through to its end.
  for (const group of found) for (const { source, target } of projections) if (source === group) found.add(target)
  return found
}
