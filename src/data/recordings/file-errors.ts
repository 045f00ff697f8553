import { InputError, type Mistake } from '../../events/errors.js'

/** Where in a file something was found, and what. */
export interface FilePlace {
  /** Absent for what is from no file. */
  readonly file?: string
  /** Such as `times[17]`, `line 3, column "unit"` or `byte 40`. */
  readonly field: string
  readonly found: string
}

const FETCH_AGAIN = 'The file is incomplete or damaged: fetch or write it again.'

/** The error for a file that ends too early, or whose bytes contradict each other. */
export function damagedFile(place: FilePlace, expected: string, cause?: unknown): InputError {
  const mistake = { ...place, code: 'DATA_FILE_DAMAGED', expected, remedy: FETCH_AGAIN }
  return new InputError(cause === undefined ? mistake : { ...mistake, cause })
}

/** The error for a file of another kind, or of a kind that is not read. */
export function wrongFormat(place: FilePlace, expected: string, remedy?: string): InputError {
  return new InputError(withRemedy({ ...place, code: 'DATA_FILE_FORMAT', expected }, remedy))
}

/** The error for a file without recordings. */
export function emptyFile(file: string, field: string): InputError {
  return new InputError({ code: 'DATASET_EMPTY', file, field, found: 'no recordings', expected: 'at least one' })
}

/** The error for the time of an event: negative, or not finite. */
export function wrongEventTime(place: Omit<FilePlace, 'found'>, time: number, remedy?: string): InputError {
  const code = Number.isFinite(time) ? 'INPUT_TIME_NEGATIVE' : 'NUMBER_NOT_FINITE'
  const mistake = { ...place, code, found: String(time), expected: 'a time from 0, the start of its recording' }
  return new InputError(withRemedy(mistake, remedy))
}

/** The error for the place of an event, a unit, column, row or polarity that is not below `size`. */
export function wrongEventUnit(place: FilePlace, size: number, remedy?: string): InputError {
  const mistake = { ...place, code: 'UNIT_OUT_OF_RANGE', expected: `an integer from 0 to ${size - 1}` }
  return new InputError(withRemedy(mistake, remedy))
}

function withRemedy(mistake: Mistake, remedy: string | undefined): Mistake {
  return remedy === undefined ? mistake : { ...mistake, remedy }
}
