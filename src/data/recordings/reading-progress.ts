import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { readFunction } from '../../network/reading/read-value.js'

/** How far a reading has come. */
export interface ReadingProgress {
  readonly done: number
  readonly total: number
  readonly unit: 'bytes' | 'files' | 'recordings'
}

export interface ReadingOptions {
  /** Called now and then. */
  readonly onProgress?: (progress: ReadingProgress) => void
}

export const READING_READERS: Readers<ReadingOptions> = Object.freeze({ onProgress: readFunction })

/** Raises `InputError` FIELD_UNKNOWN, FIELD_TYPE. */
export function readReadingOptions(given: ReadingOptions, place: string): ReadingOptions {
  return readOptions<ReadingOptions>(given, READING_READERS, place)
}
