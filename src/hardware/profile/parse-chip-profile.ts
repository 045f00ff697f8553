import { InputError } from '../../events/errors.js'
import { deepFreeze } from '../../network/description/deep-freeze.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { readRecord } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { CHIP_FORMAT, parseChip } from '../chip-file.js'
import type { ChipProfile } from './chip-profile.js'
import { meshProfile } from './mesh-profile.js'
import { readProfile } from './profile-readers.js'
import { requireSoundProfile } from './require-profile.js'

/** Of the format of profile files. */
export const CHIP_VERSION = 1

/**
 * The chip that a profile file describes: `{"format": "antidrome-chip", "version": 1, "name": …, "chip": …, …}`.
 *
 * Figures that are null or left out are unknown. A file of a mesh, as `parseChip` reads it, makes a profile of which its
 * limits alone are known.
 *
 * Raises `InputError` naming file, field, found, expected and what to do: JSON_INVALID, JSON_DUPLICATE_KEY, CHIP_FORMAT,
 * CHIP_VERSION, FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, OPTION_OUT_OF_RANGE, NUMBER_NOT_FINITE, CHIP_INVALID, CHIP_UNIT,
 * CHIP_CONTRADICTION.
 */
export function parseChipProfile(text: string, file?: string): ChipProfile {
  return readingFile(file, () => {
    const { format, version, ...fields } = readRecord(parseJson(text), '$')
    if (format === undefined && version === undefined && Object.hasOwn(fields, 'columns'))
      return meshProfile(parseChip(text))
    requireFormat(format)
    requireVersion(version)
    return defineChipProfile(fields as unknown as ChipProfile)
  })
}

/**
 * Checks a profile that was made or changed in memory, and freezes it; its fields are those of a profile file but `format`
 * and `version`.
 *
 * Raises `InputError` as `parseChipProfile` does.
 *
 * @example
 * const loihi = chipProfile('loihi')
 * const larger = defineChipProfile({ ...loihi, name: 'larger', chip: { ...loihi.chip, columns: 16 } })
 */
export function defineChipProfile(profile: ChipProfile): ChipProfile {
  const checked = readProfile(profile)
  requireSoundProfile(checked)
  return deepFreeze(checked)
}

function requireFormat(format: unknown): void {
  if (format === CHIP_FORMAT) return
  const expected = JSON.stringify(CHIP_FORMAT)
  if (format === undefined) throw wrongType(format, 'format', expected)
  throw new InputError({ code: 'CHIP_FORMAT', field: 'format', found: describeValue(format), expected })
}

function requireVersion(version: unknown): void {
  if (version === CHIP_VERSION) return
  if (version === undefined) throw wrongType(version, 'version', String(CHIP_VERSION))
  const isLater = typeof version === 'number' && version > CHIP_VERSION
  const remedy = isLater ? { remedy: 'The file is for a later antidrome: update this one.' } : {}
  const found = describeValue(version)
  throw new InputError({ code: 'CHIP_VERSION', field: 'version', found, expected: String(CHIP_VERSION), ...remedy })
}
