import { components } from './components.js'
import { delayBounds } from './delay-bound.js'
import { findCycle } from './find-cycle.js'
import { MINIMAL_CYCLE_DELAY } from './lookahead.js'
import type { Network } from './network.js'

/**
 * The groups of components inside which spikes might go around in less than `MINIMAL_CYCLE_DELAY` a projection, by the
 * description alone: these may have to run event by event.
 */
export function hurriedGroups(network: Network): ReadonlySet<string> {
  const bounds = delayBounds(network)
  const quick = network.projections.filter((_, order) => (bounds[order] as number) < MINIMAL_CYCLE_DELAY)
  const isHurried = (groups: readonly string[]) => {
    const inside = quick.filter(({ source, target }) => groups.includes(source) && groups.includes(target))
    return findCycle(groups, inside) !== null
  }
  return new Set(components(network).flatMap(({ groups }) => (isHurried(groups) ? groups : [])))
}
