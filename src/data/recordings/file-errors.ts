import { InputError } from '../../events/errors.js'

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

const WRITE_ANEW = 'Say the format that the file has, or write it again in this one.'

/** The error for a file of another kind, or of a kind that is not read. */
export function wrongFormat(place: FilePlace, expected: string, remedy: string = WRITE_ANEW): InputError {
  return new InputError({ ...place, code: 'DATA_FILE_FORMAT', expected, remedy })
}

/** The error for a file without recordings. */
export function emptyFile(file: string, field: string): InputError {
  const mistake = { code: 'DATASET_EMPTY', file, field, found: 'no recordings', expected: 'at least one' }
  return new InputError({ ...mistake, remedy: 'Check that it was written to its end, or leave it out.' })
}

const COUNT_TIMES = 'Count times from 0 in each recording.'
const NUMBER_UNITS = 'Number them from 0, below what the shape says.'

/** The error for the time of an event: negative, or not finite. */
export function wrongEventTime(
  place: Omit<FilePlace, 'found'>,
  time: number,
  remedy: string = COUNT_TIMES,
): InputError {
  const code = Number.isFinite(time) ? 'INPUT_TIME_NEGATIVE' : 'NUMBER_NOT_FINITE'
  const mistake = { ...place, code, found: String(time), expected: 'a time from 0, the start of its recording' }
  return new InputError({ ...mistake, remedy })
}

/** The error for the place of an event, a unit, column, row or polarity that is not below `size`. */
export function wrongEventUnit(place: FilePlace, size: number, remedy: string = NUMBER_UNITS): InputError {
  const mistake = { ...place, code: 'UNIT_OUT_OF_RANGE', expected: `an integer from 0 to ${size - 1}` }
  return new InputError({ ...mistake, remedy })
}
