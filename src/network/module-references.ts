import type { ModuleReference } from './module-reference.js'
import type { Network } from './network.js'

/** All that a network names of modules, in its order. */
export function moduleReferences({ projections }: Pick<Network, 'projections'>): readonly ModuleReference[] {
  return projections.flatMap(({ through = [] }) => through)
}
