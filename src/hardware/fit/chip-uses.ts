import type { Network } from '../../network/description/network.js'
import type { PlacedCore } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CoreMeter, CoreNeed } from '../reach/core-meter.js'
import { coresOfUnits } from '../slices.js'
import type { ChipUse } from './chip-fit.js'
import { bitsPerSynapse, type ResourceUse } from './core-limits.js'

/** What chips need beside what their cores do. */
export function chipUses(
  network: Network,
  profile: ChipProfile,
  cores: readonly PlacedCore[],
  needs: readonly CoreNeed[],
  meter: CoreMeter,
): readonly ChipUse[] {
  const numbers = [...new Set(cores.map(({ chip }) => chip))].sort((a, b) => a - b)
  const uses = new Map<number, ResourceUse[]>(numbers.map((chip) => [chip, []]))
  const { multicast, tableEntries } = profile.routing
  if (multicast) {
    const limit = figureValue(tableEntries)
    const entries = routingEntries(network, cores, meter)
    for (const chip of numbers) uses.get(chip)?.push({ resource: 'tableEntries', need: entries.get(chip) ?? 0, limit })
  }
  const shared = figureValue(profile.chip.sharedSynapseBits)
  if (shared !== null && profile.core.synapses === null) {
    const { bits } = bitsPerSynapse(profile)
    const synapses = new Map<number, number>()
    cores.forEach(({ chip }, k) => {
      synapses.set(chip, (synapses.get(chip) ?? 0) + (needs[k]?.synapses ?? 0))
    })
    for (const chip of numbers)
      uses.get(chip)?.push({ resource: 'sharedSynapseBits', need: (synapses.get(chip) ?? 0) * bits, limit: shared })
  }
  return numbers.map((chip) => ({ chip, uses: uses.get(chip) ?? [] }))
}

/**
 * Entries of the routing table of each chip: one per core, with a mask for all its units, whose packets begin or end there.
 * Packets that turn on a chip in between take another one there, which only routes can tell.
 */
function routingEntries(
  { groups }: Network,
  cores: readonly PlacedCore[],
  meter: CoreMeter,
): ReadonlyMap<number, number> {
  const coreOf = coresOfUnits(
    { groups },
    cores.map(({ slices }) => slices),
  )
  const coresOf = new Map([...coreOf].map(([name, units]) => [name, new Set(units)]))
  const heard = new Map<number, Set<number>>(cores.map(({ chip }) => [chip, new Set()]))
  cores.forEach(({ chip, slices }) => {
    const here = heard.get(chip) as Set<number>
    meter.hold(slices)
    meter.tellAxons((source) => ({
      all(share) {
        if (share > 0) for (const core of coresOf.get(source) ?? []) here.add(core)
      },
      one(unit, share) {
        if (share > 0) here.add(coreOf.get(source)?.[unit] as number)
      },
    }))
  })
  const senders = new Set([...heard.values()].flatMap((each) => [...each]))
  for (const core of senders) heard.get(cores[core]?.chip as number)?.add(core)
  return new Map([...heard].map(([chip, all]) => [chip, all.size]))
}
