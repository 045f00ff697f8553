import { entryOf } from '../../events/by-name.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { bitsPerSynapse, coreUses } from './core-limits.js'

const FIELDS: Readonly<Record<string, string>> = {
  neurons: 'core.neurons',
  synapseBits: 'core.synapses.bits',
  axonsIn: 'core.axonsIn',
}

/** The fields of a profile that would limit a network if they were known. */
export function unknownLimits(profile: ChipProfile): readonly string[] {
  const { core, routing, chip } = profile
  const { bits, unknown } = bitsPerSynapse(profile)
  const synapses = core.synapses === null ? 'core.synapses' : 'core.synapses.synapses'
  const uses = coreUses(profile, bits)({ neurons: 0, synapses: 0, axonsIn: 0 })
  const countsBits = core.synapses === null ? chip.sharedSynapseBits !== null : core.synapses.kind === 'list'
  return [
    ...uses.filter(({ limit }) => limit === null).map(({ resource }) => entryOf(FIELDS, resource) ?? synapses),
    ...((figureValue(core.axonsOut) ?? figureValue(core.axonsOutPerUnit)) === null ? ['core.axonsOut'] : []),
    ...(routing.multicast && figureValue(routing.tableEntries) === null ? ['routing.tableEntries'] : []),
    ...(countsBits ? unknown.map((name) => `formats.${name}`) : []),
  ]
}
