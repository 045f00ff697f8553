import type { ChipPlacement } from '../../../src/hardware/placement.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import type { CorePlace } from '../../../src/hardware/routing/layout.js'
import { createRoutes } from '../../../src/hardware/routing/routes.js'
import type { Network } from '../../../src/network/description/network.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'

/** The cores with a target of each unit of each group, counted synapse by synapse. */
export function targetCores(network: Network, placement: ChipPlacement, seed = 0) {
  const coreOf = new Map(network.groups.map(({ name, size }) => [name, new Array<CorePlace>(size)]))
  for (const { chip, core, slices } of placement.cores)
    for (const { group, start, end } of slices) coreOf.get(group)!.fill({ chip, core }, start, end)
  const reached = new Map(
    network.groups.map(({ name, size }) => [name, Array.from({ length: size }, () => new Map<string, CorePlace>())]),
  )
  for (const { source, target, sources, targets, absent } of instantiate(network, seed).projections) {
    targets.forEach((neuron, s) => {
      const place = coreOf.get(target)![neuron]!
      if (absent?.[s] !== 1) reached.get(source)![sources[s]!]!.set(`${place.chip}/${place.core}`, place)
    })
  }
  return { coreOf, reached }
}

/** Links of all packets if every unit spikes once or so often, one packet per core; a link between chips counts more. */
export function countHops(
  network: Network,
  profile: ChipProfile,
  placement: ChipPlacement,
  { crossing = 10, spikes = {} as Readonly<Record<string, number>>, seed = 0 } = {},
): number {
  const { coreOf, reached } = targetCores(network, placement, seed)
  const { route } = createRoutes(profile)
  let hops = 0
  for (const [group, units] of reached) {
    units.forEach((places, unit) => {
      for (const to of places.values()) {
        const links = route(coreOf.get(group)![unit]!, to)
        const far = links.filter(({ level }) => level === 'betweenChips').length
        hops += (spikes[group] ?? 1) * (links.length + (crossing - 1) * far)
      }
    })
  }
  return hops
}
