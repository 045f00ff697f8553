import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../../events/errors.js'
import { readOptions } from '../../../network/reading/read-fields.js'
import { readString, wordOf } from '../../../network/reading/read-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { missingFile, unreadableFile } from '../read-bytes.js'
import { EVENT_TABLE_READERS, type EventTableOptions } from '../tables/table-options.js'
import { EVENT_FORMATS, type EventFormat, eventFormatNames, type TableOption } from './event-formats.js'

/** What is said of recordings; `timeUnit`, `shape` and `classes` where their format leaves it open. */
export interface ReadEventsOptions extends EventTableOptions {
  /** Default: as the name of the file says, or those in the folder. */
  readonly format?: string
}

/**
 * Reads recordings of any of the known formats from a file or a folder.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, EVENT_FORMAT_UNKNOWN, EVENT_FORMAT_AMBIGUOUS for a folder
 * with files of several, OPTION_OUT_OF_RANGE for a format that is none, OPTION_CONFLICT for what the format says itself,
 * SHAPE_MISMATCH for a shape that it cannot have, and what its reader raises.
 *
 * @example
 * const recordings = await readEvents('taps.csv')
 */
export async function readEvents(path: string, options: ReadEventsOptions = {}): Promise<EventRecordings> {
  readString(path, 'path')
  const readers = { ...EVENT_TABLE_READERS, format: wordOf(eventFormatNames()) }
  const { format: name, ...given } = readOptions<ReadEventsOptions>(options, readers)
  const named = EVENT_FORMATS.find((each) => each.name === name)
  const format = named ?? (await formatOf(path))
  requireTaken(format, given)
  return format.read(path, given)
}

/** Raises `InputError` OPTION_CONFLICT for an option of other formats. */
function requireTaken({ name, takes }: EventFormat, given: EventTableOptions): void {
  const options: readonly TableOption[] = ['timeUnit', 'shape', 'classes']
  const wrong = options.find((option) => given[option] !== undefined && !takes.includes(option))
  if (wrong === undefined) return
  throw new InputError({
    ...{ code: 'OPTION_CONFLICT', field: wrong, found: JSON.stringify(given[wrong]) },
    expected: `none, as recordings of the format ${name} say it themselves`,
    remedy: 'Leave it out.',
  })
}

const TABLE = 'csv'
/** Files of a folder that are looked at, and how deep. */
const MOST_FILES = 1000
const DEPTH = 4

async function formatOf(path: string): Promise<EventFormat> {
  const found = await stat(path).catch((error: unknown) => {
    throw missingFile(path, error)
  })
  const from = found.isDirectory() ? 'folder' : 'file'
  const names = from === 'file' ? [path] : await namesIn(path)
  const fits = ({ endings }: EventFormat) =>
    names.some((name) => endings.some((end) => name.toLowerCase().endsWith(end)))
  const fitting = EVENT_FORMATS.filter(fits)
  // Tables lie beside recordings of many formats.
  const [format = fitting[0], other = tablesBeside(format, names)] = fitting.filter(({ name }) => name !== TABLE)
  if (other !== undefined && format !== undefined) throw ambiguous(path, [format, other])
  if (format !== undefined) return format
  const readable = EVENT_FORMATS.map(({ name, endings }) => `${name} (${endings.join(', ')})`)
  throw new InputError({
    code: 'EVENT_FORMAT_UNKNOWN',
    file: path,
    field: 'format',
    found: from === 'file' ? 'a file whose name says no format' : 'a folder without files of a format that is read so',
    expected: `one of ${readable.join(', ')}`,
    remedy: `Say it: ${eventFormatNames().join(', ')}.`,
  })
}

/** Archives are of the kind that tables are, but for notes: they do not lie beside each other. */
function tablesBeside(format: EventFormat | undefined, names: readonly string[]): EventFormat | undefined {
  const isTable = (name: string) => /\.[ct]sv$/i.test(name)
  if (format?.name !== 'npz' || !names.some(isTable)) return undefined
  return EVENT_FORMATS.find(({ name }) => name === TABLE)
}

function ambiguous(path: string, formats: readonly EventFormat[]): InputError {
  const named = formats.map(({ name, endings }) => `${name} (${endings.join(', ')})`)
  return new InputError({
    ...{ code: 'EVENT_FORMAT_AMBIGUOUS', file: path, field: 'format' },
    found: `files of the formats ${named.join(' and ')}`,
    expected: 'files of one, or the one that is meant',
    remedy: `Say it: ${formats.map(({ name }) => name).join(' or ')}; or put the others elsewhere.`,
  })
}

/** The names of the first files of a folder and its folders. */
async function namesIn(folder: string, depth = DEPTH): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadableFile(folder, error)
  })
  const names: string[] = []
  for (const entry of entries) {
    if (names.length >= MOST_FILES) break
    if (!entry.isDirectory()) names.push(entry.name)
    else if (depth > 1) names.push(...(await namesIn(join(folder, entry.name), depth - 1)))
  }
  return names
}
