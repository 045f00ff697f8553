import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readNumber } from '../../network/reading/read-number.js'
import { mesh } from '../chip.js'
import type { ChipProfile } from './chip-profile.js'
import { meshProfile } from './mesh-profile.js'
import { PACKAGED_TEXTS } from './packaged-texts.js'
import { defineChipProfile, parseChipProfile } from './parse-chip-profile.js'

/** The names of the profiles that come with the package, the files of its folder `chips`. */
export function chipProfileNames(): readonly string[] {
  return Object.keys(PACKAGED_TEXTS)
}

/**
 * A chip that comes with the package, by its name, such as `loihi`, or `mesh:COLUMNSxROWS`, of which nothing but its size is
 * known.
 *
 * Raises `InputError` CHIP_UNKNOWN.
 *
 * @example chipProfile('loihi').core.neurons?.value // 1024
 */
export function chipProfile(name: string): ChipProfile {
  const text = typeof name === 'string' ? entryOf(PACKAGED_TEXTS, name) : undefined
  if (text !== undefined) return parseChipProfile(text, `chips/${name}.json`)
  const [, columns, rows] = /^mesh:([1-9]\d{0,5})x([1-9]\d{0,5})$/.exec(typeof name === 'string' ? name : '') ?? []
  if (columns !== undefined && rows !== undefined)
    return meshProfile(mesh({ columns: Number(columns), rows: Number(rows) }))
  throw new InputError({
    code: 'CHIP_UNKNOWN',
    field: 'chip',
    found: describeValue(name),
    expected: `one of ${chipProfileNames().join(', ')}, or mesh:COLUMNSxROWS, such as mesh:2x2`,
    ...suggestionFor(name, chipProfileNames()),
  })
}

/** How many chips stand beside each other. */
export interface ChipsOptions {
  readonly columns: number
  readonly rows: number
}

const CHIPS_READERS: Readers<ChipsOptions> = { columns: readNumber, rows: readNumber }

/**
 * The profile of the same chip with another array of chips.
 *
 * Raises `InputError` as `defineChipProfile` does, CHIP_CONTRADICTION if what is dead is on none of them.
 *
 * @example withChips(chipProfile('truenorth'), { columns: 4, rows: 4 })
 */
export function withChips(profile: ChipProfile, chips: ChipsOptions): ChipProfile {
  const checked = defineChipProfile(profile)
  const { columns, rows } = readRequired<ChipsOptions, keyof ChipsOptions>(
    chips,
    CHIPS_READERS,
    ['columns', 'rows'],
    'chips',
  )
  return defineChipProfile({ ...checked, chips: { ...checked.chips, columns, rows } })
}
