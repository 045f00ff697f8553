import type { Network } from '../description/network.js'
import { components } from './components.js'
import { delayBounds } from './delay-bound.js'
import { findCycle } from './find-cycle.js'
import { MINIMAL_CYCLE_DELAY } from './lookahead.js'

/**
 * The groups tied to a cycle that spikes might go around in less than `MINIMAL_CYCLE_DELAY` a projection, by what the
 * description says of delays: wherever its groups lie and whatever is drawn, no other ones run event by event.
 */
export function hurriedGroups(network: Network): ReadonlySet<string> {
  const bounds = delayBounds(network)
  const isHurried = (groups: readonly string[]) => {
    const quick = network.projections.filter(({ source, target }, order) => {
      return groups.includes(source) && groups.includes(target) && (bounds[order] as number) < MINIMAL_CYCLE_DELAY
    })
    return findCycle(groups, quick) !== null
  }
  return new Set(components(network).flatMap(({ groups }) => (isHurried(groups) ? groups : [])))
}
