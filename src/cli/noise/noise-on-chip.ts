import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { ChipFormatKind } from '../../hardware/formats/chip-formats.js'
import type { ChipDevice } from '../chip/flags/chip-device.js'

type Fields = Readonly<Record<string, unknown>>

/** The fields of a device that say the same as a format. */
const FIELDS: Readonly<Record<ChipFormatKind, readonly string[]>> = {
  weights: ['weightBits', 'weightLevels'],
  delays: ['delayStep', 'delayMin', 'delayMax'],
  thresholds: ['thresholdBits'],
  decays: [],
  ticks: ['tick'],
}

/** What formats of chips may say of a device. */
export const FIELDS_OF_FORMATS: ReadonlySet<string> = new Set(Object.values(FIELDS).flat())

/**
 * The fields of a device together with those of a chip's formats; the ranges are still to be found.
 *
 * Raises `InputError` FLAG_CONFLICT where both say the same.
 *
 * @param field where the fields come from
 */
export function noiseOnChip(given: Fields, device: ChipDevice | null, field: string): Fields {
  if (device === null) return given
  const { profile, formats } = device
  for (const { format, noise } of formats.formats)
    for (const name of FIELDS[format]) {
      if (entryOf(given, name) === undefined) continue
      throw new InputError({
        code: 'FLAG_CONFLICT',
        field,
        found: `${name}=${JSON.stringify(entryOf(given, name))}`,
        expected: `nothing of the ${format}, of which --chip ${profile.name} says ${inWords(noise)}`,
        remedy: 'Leave one of them out.',
      })
    }
  return Object.assign({}, ...formats.formats.map(({ noise }) => noise), given)
}

function inWords(noise: Fields): string {
  return Object.entries(noise)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')
}
