import { InputError } from '../../events/errors.js'
import type { DeviceNoise, PerName } from '../../learning/noise/device-noise.js'
import { readDeviceNoise } from '../../learning/noise/read-noise.js'
import type { Group, Network, Quantity } from '../../network/description/network.js'
import { hasNeurons } from '../../network/models/models.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { readRecord } from '../../network/reading/read-value.js'
import type { ChipNoise, ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'

/** What of a profile's noise is said otherwise. */
export type SaidNoise = Partial<Pick<DeviceNoise, keyof ChipNoise>>

/**
 * The noise of a chip on a network, as far as its profile knows: fields of a device.
 *
 *     thresholdMismatch, weightMismatch, delayMismatch   shares, as they are
 *     spikeLoss                                          of every spike that leaves a group
 *     jitter                                             share · tauSyn of the target, ms
 *
 * Jitter is one number if all groups have the same tauSyn, else it goes by the groups that spikes leave, or by projection
 * where a group has targets of several. Fields that are said stand in the place of the profile's, which are then not asked
 * for.
 *
 * Raises `InputError` as `defineChipProfile` does; CHIP_NOISE for a profile that knows no noise, or whose jitter has no single
 * time constant to be a share of: a group whose neurons differ, or that has one each for excitation and inhibition, where no
 * jitter is said; those of `readDeviceNoise` for what is said.
 *
 * @param said fields of a device that are those of a profile's noise
 *
 * @example
 * const device = { seed: 1, ...chipNoise(network, chipProfile('brainscales2'), { jitter: 0.05 }) }
 */
export function chipNoise(network: Network, profile: ChipProfile, said: SaidNoise = {}): Partial<DeviceNoise> {
  readNetwork(network)
  const chip = defineChipProfile(profile)
  const given = readRecord(said, 'said')
  refuseUnknown(given, Object.keys(chip.noise), 'said')
  const { seed, ...fields } = readDeviceNoise(network, { seed: 0, ...given }, 'said')
  return { ...noiseOfProfile(network, chip, Object.keys(fields)), ...fields }
}

/** The noise of a checked profile, but for what is said otherwise, of which nothing is asked. */
export function noiseOfProfile(
  network: Network,
  { name, noise }: ChipProfile,
  said: readonly string[],
): Partial<DeviceNoise> {
  if (knownNoise(noise).length === 0)
    throw new InputError({
      code: 'CHIP_NOISE',
      field: 'profile.noise',
      found: `${name}, whose profile knows no noise`,
      expected: 'a profile with a figure of it',
      remedy: 'Choose another chip, or say what the noise is in the place of profile.',
    })
  const values = knownNoise(noise, said).map((field) => {
    const value = figureValue(noise[field]) as number
    return [field, field === 'jitter' ? jitterOf(network, value) : value] as const
  })
  return Object.fromEntries(values)
}

/** What a profile knows of noise, but for what is said otherwise. */
export function knownNoise(noise: ChipNoise, said: readonly string[] = []): readonly (keyof ChipNoise)[] {
  const fields = Object.keys(noise) as (keyof ChipNoise)[]
  return fields.filter((field) => figureValue(noise[field]) !== null && !said.includes(field))
}

function jitterOf({ groups, projections }: Network, share: number): PerName {
  const taus = new Map(groups.flatMap((group) => (hasNeurons(group) ? [[group.name, tauSynOf(group)]] : [])))
  const tauOf = (target: string) => taus.get(target) as number
  const toNeurons = projections.filter(({ target }) => taus.has(target))
  const [first, ...others] = new Set(toNeurons.map(({ target }) => tauOf(target)))
  if (first === undefined) return 0
  if (others.length === 0) return share * first
  const entries = toNeurons.map(({ source, target, key }) => {
    const own = projections.filter((each) => each.source === source)
    const isOne = own.every((each) => tauOf(each.target) === tauOf(target))
    return [isOne ? source : key, share * tauOf(target)] as const
  })
  return Object.fromEntries(entries)
}

/** What helps where jitter has no time constant to be a share of. */
export const SAY_JITTER = 'Say the jitter in ms beside the profile: chipNoise(network, profile, { jitter }).'

function tauSynOf(group: Extract<Group, { readonly kind: 'lif' | 'li' }>): number {
  const found = group.tauSyn === undefined ? null : singleOf(group.tauSyn)
  if (found !== null) return found
  throw new InputError({
    code: 'CHIP_NOISE',
    field: `groups.${group.name}.${group.tauSyn === undefined ? 'tauSynExc' : 'tauSyn'}`,
    found: group.tauSyn === undefined ? 'a time constant each for excitation and inhibition' : 'one for each neuron',
    expected: 'one synaptic time constant of the group, of which the jitter of the chip is a share',
    remedy: SAY_JITTER,
  })
}

function singleOf(quantity: Quantity): number | null {
  if (typeof quantity === 'number') return quantity
  if ('distribution' in quantity) return quantity.distribution === 'constant' ? quantity.value : null
  return quantity.length > 0 && quantity.every((value) => value === quantity[0]) ? (quantity[0] as number) : null
}
