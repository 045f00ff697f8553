import type { EventRecordings } from '../../recordings/event-recordings.js'
import type { ReadingOptions } from '../../recordings/reading-progress.js'
import { readCsv } from '../csv/read-csv.js'
import { readNpz } from '../npz/read-npz.js'

/** A format of recordings, as `readEvents` and the command know it. */
export interface EventFormat {
  readonly name: string
  /** What it is, in a few words. */
  readonly what: string
  /** How the names of its files end, in small letters. */
  readonly endings: readonly string[]
  /** What is read: one such file, or a folder with such files in it or in its folders. */
  readonly from: 'file' | 'folder'
  read(path: string, options: ReadingOptions): Promise<EventRecordings>
}

/** All formats, in the order in which help names them; of several that fit, the first is taken. */
export const EVENT_FORMATS: readonly EventFormat[] = Object.freeze([
  { name: 'npz', what: 'arrays of NumPy', endings: ['.npz'], from: 'file', read: readNpz },
  { name: 'csv', what: 'a table of text', endings: ['.csv', '.tsv', '.txt'], from: 'file', read: readCsv },
])

export function eventFormatNames(): readonly string[] {
  return EVENT_FORMATS.map(({ name }) => name)
}
