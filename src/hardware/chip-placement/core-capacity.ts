import { InputError } from '../../events/errors.js'
import { bitsPerSynapse, coreLimits } from '../fit/core-limits.js'
import type { OpenCore } from '../pack-cores.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import type { SpikeNets } from './spike-nets.js'

/** What one core has room for; Infinity where nothing is known, or there is no limit. */
export interface CoreCapacity {
  /** Neurons and source units together: on a chip each needs a place to spike from. */
  readonly units: number
  readonly synapses: number
  /** Distinct source units with a target on the core. */
  readonly axonsIn: number
}

/**
 * What a core of a chip has room for; what is unknown limits nothing.
 *
 * Raises `InputError` CHIP_ROOM_UNKNOWN where nothing is known at all.
 *
 * @param neuronsPerCore neurons and source units that a core shall have at most
 */
export function capacityOfCore(profile: ChipProfile, neuronsPerCore: number | undefined): CoreCapacity {
  const limits = coreLimits(profile)
  const unlessNull = (value: number | null) => value ?? Number.POSITIVE_INFINITY
  const units = unlessNull(limits.neurons)
  const isList = profile.core.synapses?.kind === 'list'
  const room = {
    units: Math.min(units, neuronsPerCore ?? units),
    synapses: isList
      ? Math.floor(unlessNull(limits.synapseBits) / bitsPerSynapse(profile).bits)
      : unlessNull(limits.synapses),
    axonsIn: unlessNull(limits.axonsIn),
  }
  if (Object.values(room).some((most) => most < Number.POSITIVE_INFINITY)) return room
  throw new InputError({
    code: 'CHIP_ROOM_UNKNOWN',
    field: 'options.neuronsPerCore',
    found: `nothing, and ${profile.name} does not say what a core has room for`,
    expected: 'an integer from 1',
    remedy: 'Say how many neurons a core shall have at most.',
  })
}

/** What blocks take up. */
export interface BlockNeeds {
  unitsOf(block: number): number
  synapsesOf(block: number): number
  readonly nets: SpikeNets
}

/** Opens an empty core. */
export function openCore(room: CoreCapacity, needs: BlockNeeds): OpenCore {
  const heard = new Set<number>()
  let [units, synapses, axonsIn] = [0, 0, 0]
  return {
    take(block) {
      const isLimited = room.axonsIn < Number.POSITIVE_INFINITY
      const more = isLimited ? [...needs.nets.into(block)].filter((net) => !heard.has(net)) : []
      const next = {
        units: units + needs.unitsOf(block),
        synapses: synapses + needs.synapsesOf(block),
        axonsIn: more.reduce((sum, net) => sum + (needs.nets.units[net] as number), axonsIn),
      }
      if (next.units > room.units || next.synapses > room.synapses || next.axonsIn > room.axonsIn) return false
      ;({ units, synapses, axonsIn } = next)
      for (const net of more) heard.add(net)
      return true
    },
  }
}

/** Whether a core has room for some blocks together. */
export function holdsAll(blocks: readonly number[], room: CoreCapacity, needs: BlockNeeds): boolean {
  const core = openCore(room, needs)
  return blocks.every((block) => core.take(block))
}
