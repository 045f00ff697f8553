import { beginsAsFormat } from '../../network/reading/begins-as-format.js'
import { CHIP_FORMAT } from '../chip-file.js'
import type { ChipProfile } from './chip-profile.js'
import { CHIP_VERSION, defineChipProfile } from './parse-chip-profile.js'

/**
 * The text of a profile file; `parseChipProfile` gives the same profile back. What is unknown is written as null.
 *
 * Raises `InputError` as `defineChipProfile` does.
 */
export function formatChipProfile(profile: ChipProfile): string {
  return `${JSON.stringify({ format: CHIP_FORMAT, version: CHIP_VERSION, ...defineChipProfile(profile) }, null, 2)}\n`
}

/** Whether the beginning of a text is that of a profile file. */
export function beginsChipProfile(text: string): boolean {
  return beginsAsFormat(text, CHIP_FORMAT)
}
