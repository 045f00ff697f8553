import { beginsPlacement } from '../../hardware/chip-placement/chip-placement-file.js'
import { beginsPlacedUnits } from '../../hardware/chip-placement/export-placement.js'
import { beginsChipProfile } from '../../hardware/profile/format-chip-profile.js'
import { beginsTrace } from '../../storage/trace-file.js'

/** What a file that a command writes holds. */
export interface OutputKind {
  /** Such as `a picture`. */
  readonly what: string
  /** Of the error for a file that is there. */
  readonly code: string
  /** Whether a file begins as those that the command writes. */
  begins(beginning: string): boolean
  /** Whether nothing else is replaced, for its readers would not notice. */
  readonly replacesOwnAlone: boolean
}

const CODE = 'FILE_EXISTS'

export const PICTURE: OutputKind = {
  what: 'a picture',
  code: CODE,
  begins: (beginning) => beginning.startsWith('<svg'),
  replacesOwnAlone: false,
}

export const PREDICTIONS: OutputKind = {
  what: 'a table of predictions',
  code: CODE,
  begins: (beginning) => beginning.startsWith('draw,sample,label,predicted'),
  replacesOwnAlone: false,
}

export const PLACEMENT: OutputKind = {
  what: 'a placement on a chip',
  code: CODE,
  begins: beginsPlacement,
  replacesOwnAlone: true,
}

export const TRACE: OutputKind = { what: 'a trace', code: 'TRACE_EXISTS', begins: beginsTrace, replacesOwnAlone: true }

export const PLACED_UNITS: OutputKind = {
  what: 'a list of placed units',
  code: CODE,
  begins: beginsPlacedUnits,
  replacesOwnAlone: true,
}

export const CHIP_PROFILE: OutputKind = {
  what: 'a profile of a chip',
  code: CODE,
  begins: beginsChipProfile,
  replacesOwnAlone: true,
}
