import type { Network } from '../description/network.js'
import type { ModuleReference } from './module-reference.js'

/** All that a network names of modules, in its order: of its groups, then of its projections. */
export function moduleReferences({ groups, projections }: Network): readonly ModuleReference[] {
  const actors = groups.flatMap((group) => (group.kind === 'actor' ? [group.module] : []))
  return [...actors, ...projections.flatMap(({ through = [] }) => through)]
}
