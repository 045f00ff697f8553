import type { ChipProfile } from '../profile/chip-profile.js'
import type { CorePlace } from '../routing/layout.js'
import { createRoutes } from '../routing/routes.js'
import type { PacketsBetween } from './core-graph.js'

/** Raises `InputError` ROUTE_DEAD_LINK or ROUTE_NONE where a core has a target on one that its packets cannot reach. */
export function refuseDeadRoutes(profile: ChipProfile, packets: PacketsBetween, places: readonly CorePlace[]): void {
  const { route } = createRoutes(profile)
  packets.forEach((row, from) => {
    for (const to of row.keys()) route(places[from] as CorePlace, places[to] as CorePlace)
  })
}
