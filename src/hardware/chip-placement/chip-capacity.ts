import { InputError } from '../../events/errors.js'
import { bitsPerSynapse } from '../fit/core-limits.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CoreCapacity } from './core-capacity.js'

/**
 * What a core of a chip has room for; what is unknown limits nothing.
 *
 * Raises `InputError` CHIP_ROOM_UNKNOWN where nothing is known at all.
 *
 * @param neuronsPerCore neurons and source units that a core shall have at most
 */
export function capacityOfCore(profile: ChipProfile, neuronsPerCore: number | undefined): CoreCapacity {
  const { core, name } = profile
  const { synapses } = core
  const crossbar = synapses?.kind === 'crossbar' ? synapses : null
  const limit = (value: number | null) => value ?? Number.POSITIVE_INFINITY
  const known = limit(figureValue(core.neurons) ?? figureValue(crossbar?.columns ?? null))
  const { bits } = bitsPerSynapse(profile)
  const room = {
    units: Math.min(known, neuronsPerCore ?? known),
    synapses:
      synapses?.kind === 'list'
        ? Math.floor(limit(figureValue(synapses.bits)) / bits)
        : limit(synapses?.kind === 'count' ? figureValue(synapses.synapses) : null),
    axonsIn: limit(figureValue(core.axonsIn) ?? figureValue(crossbar?.rows ?? null)),
  }
  if (Object.values(room).some((most) => most < Number.POSITIVE_INFINITY)) return room
  throw new InputError({
    code: 'CHIP_ROOM_UNKNOWN',
    field: 'options.neuronsPerCore',
    found: `nothing, and ${name} does not say what a core has room for`,
    expected: 'an integer from 1',
    remedy: 'Say how many neurons a core shall have at most.',
  })
}
