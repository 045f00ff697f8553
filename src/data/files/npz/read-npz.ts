import { InputError } from '../../../events/errors.js'
import { readOptions } from '../../../network/reading/read-fields.js'
import { readString } from '../../../network/reading/read-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { emptyFile, wrongEventTime, wrongFormat } from '../../recordings/file-errors.js'
import { readShape } from '../../recordings/recordings-description.js'
import { readBytes } from '../read-bytes.js'
import { type ColumnRoles, columnRoles, missingColumn } from '../tables/column-names.js'
import type { EventPlaces, PlaceColumn } from '../tables/event-columns.js'
import { readTables, type TableFormat } from '../tables/read-tables.js'
import { recordingsOfTables } from '../tables/recordings-of-tables.js'
import { ALONE, type TableFile, type TableScope } from '../tables/table-file.js'
import { EVENT_TABLE_READERS, type EventTableOptions } from '../tables/table-options.js'
import { openZip } from './open-zip.js'
import { type NpyArray, parseNpy } from './parse-npy.js'

/** The arrays of a NumPy archive, by name. */
interface NpzArrays {
  readonly file: string
  readonly names: readonly string[]
  /** The numbers of an array of one dimension. Raises `InputError` DATA_FILE_FORMAT, SHAPE_MISMATCH. */
  numbers(name: string, length?: number, what?: string): Float64Array
  /** Its numbers or texts; a scalar counts as an array of length 1. */
  list(name: string, length?: number, what?: string): readonly (number | string)[]
}

const ENDING = '.npy'

/** All arrays of an archive. Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED. */
async function openNpz(bytes: Uint8Array, file: string): Promise<NpzArrays> {
  const arrays = new Map<string, NpyArray>()
  for (const entry of openZip(bytes, file)) {
    if (!entry.name.endsWith(ENDING))
      throw wrongFormat(
        { file, field: 'zip', found: `an entry ${JSON.stringify(entry.name)}` },
        'arrays NAME.npy alone',
      )
    const name = entry.name.slice(0, -ENDING.length)
    if (arrays.has(name)) throw wrongFormat({ file, field: name, found: 'two arrays of this name' }, 'one')
    arrays.set(name, parseNpy(await entry.read(), { file, field: name }))
  }
  const contentOf = (name: string, length: number | undefined, what: string) => {
    const { shape, content } = arrays.get(name) as NpyArray
    const [found] = shape
    const expected = length === undefined ? 'one dimension' : `(${length},), ${what}`
    const isOne = length === 1 && shape.length === 0
    if (isOne || (shape.length === 1 && (length === undefined || found === length))) return content
    throw new InputError({
      ...{ code: 'SHAPE_MISMATCH', file, field: name, found: `shape (${shape.join(', ')})`, expected },
      remedy:
        shape.length === 1 ? 'Save the same number of values in both.' : 'Save it with one dimension: array.ravel().',
    })
  }
  return {
    file,
    names: [...arrays.keys()],
    numbers: (name, length, what = '') => {
      const content = contentOf(name, length, what)
      if (content.kind === 'numbers') return content.values
      throw wrongFormat({ file, field: name, found: 'texts' }, 'numbers')
    },
    list: (name, length, what = '') => {
      const content = contentOf(name, length, what)
      if (content.kind === 'texts') return content.values
      const wrong = content.values.findIndex((value) => !Number.isFinite(value))
      if (wrong < 0) return Array.from(content.values)
      const found = String(content.values[wrong])
      throw new InputError({
        ...{ code: 'NUMBER_NOT_FINITE', file, field: `${name}[${wrong}]`, found, expected: 'a finite number' },
        remedy: 'Correct the value, or leave the recording out.',
      })
    },
  }
}

const NPZ = { field: 'npz', roles: ['unit', 'x', 'y', 'polarity', 'sample', 'offsets', 'label', 'shape'] } as const

const FORMAT: TableFormat = {
  endings: [['.npz']],
  read: async (file, options, scope) => npzTable(await readBytes(file), { file, scope }, options),
}

/**
 * Reads recordings from a NumPy archive, as written by `numpy.savez` or `savez_compressed`, or from a folder of archives.
 *
 * One value per event: `time_ms`, `time_s` or `time_us` (or `t`, in µs), and `unit`, or `x`, `y` and, if there are two,
 * `polarity` (or `p`: 0 and 1, or -1 and 1); and `sample`, the number of its recording from 0; or instead of `sample` the
 * array `offsets`: where each recording begins, then where the last one ends. One value per recording: `label`, numbers
 * from 0 or names; any other array is a group, such as `speaker`. The optional `shape` is `[channels]` or `[polarities,
 * height, width]`. Names may be plural. Events may be in any order.
 *
 * In a folder, an archive with neither `sample` nor `offsets` is one recording, and the class of one without `label` is the name of
 * its folder; `groups` has `file` and, where folders of splits have folders of classes, `split`.
 *
 * Raises `InputError` with the file and the place: DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_FORMAT,
 * DATA_FILE_DAMAGED, FIELD_*, OPTION_*, TIME_UNIT_MISSING, SHAPE_MISMATCH, NUMBER_NOT_FINITE, INPUT_TIME_NEGATIVE,
 * UNIT_OUT_OF_RANGE, SAMPLE_OUT_OF_RANGE, LABEL_OUT_OF_RANGE, LABEL_HOLE, DATASET_EMPTY.
 *
 * @example
 * const recordings = await readNpz('taps.npz')
 */
export async function readNpz(path: string, options: EventTableOptions = {}): Promise<EventRecordings> {
  readString(path, 'path')
  const given = readOptions<EventTableOptions>(options, EVENT_TABLE_READERS)
  return readTables(path, given, FORMAT)
}

/** Reads the recordings in the bytes of an archive. */
export async function parseNpz(
  bytes: Uint8Array,
  file: string,
  options: EventTableOptions = {},
): Promise<EventRecordings> {
  const table = await npzTable(bytes, { file, scope: ALONE }, options)
  return recordingsOfTables(file, [{ table, className: null, groups: {} }], options)
}

/** An archive, and the arrays that it may lack. */
interface Source {
  readonly file: string
  readonly scope: TableScope
}

async function npzTable(bytes: Uint8Array, { file, scope }: Source, options: EventTableOptions): Promise<TableFile> {
  const arrays = await openNpz(bytes, file)
  const roles = columnRoles(arrays.names, { file, ...NPZ }, options.timeUnit)
  const { sample, offsets, label } = roles
  const missing = (role: 'sample' | 'label' | 'unit', expected: string) =>
    missingColumn({ file, field: 'npz' }, arrays.names, role, expected)
  if (label === undefined && !scope.mayLackLabel) throw missing('label', 'labels, one per recording')
  const isOne = scope.mayLackSample && sample === undefined && offsets === undefined
  const labels = label === undefined ? null : arrays.list(label, isOne ? 1 : undefined, 'that of the recording')
  const times = readTimes(arrays, roles)
  const shape = options.shape === undefined ? readShapeOf(arrays, roles, file) : null
  const places = readPlaces(arrays, roles, times.length, () => missing('unit', 'unit, or x and y'))
  if (!isOne && sample === undefined && offsets === undefined)
    throw missing('sample', 'sample, the recording of each event, or offsets')
  const count = isOne ? 1 : (labels?.length ?? countOf(arrays, roles))
  if (count === 0) throw emptyFile(file, label ?? sample ?? (offsets as string))
  const columnOf = (column: PlaceColumn) => roles[column] as string
  return {
    ...{ file, times, places, count, labels, shape, labelField: label ?? 'label' },
    samples: isOne ? new Uint32Array(times.length) : readSamples(arrays, roles, times.length, count),
    groups: Object.fromEntries(roles.groups.map((name) => [name, arrays.list(name, count, 'one per recording')])),
    labelPlace: (k) => `${label}[${k}]`,
    place: (column, k) => `${columnOf(column)}[${k}]`,
  }
}

/** Maximum number of recordings without events among others, where they are not counted. */
const MOST_EMPTY = 65_536

/** Number of recordings of an archive without labels: by its offsets, its groups, or the highest sample. */
function countOf(arrays: NpzArrays, { groups, sample, offsets }: ColumnRoles): number {
  const [group] = groups
  if (offsets !== undefined) return Math.max(0, arrays.numbers(offsets).length - 1)
  if (group !== undefined) return arrays.list(group).length
  const samples = arrays.numbers(sample as string)
  const highest = samples.reduce((most, value) => Math.max(most, value), -1)
  return Math.min(Math.floor(highest) + 1, samples.length + MOST_EMPTY)
}

function readTimes(arrays: NpzArrays, { time, timeScale }: ColumnRoles): Float64Array {
  const found = Float64Array.from(arrays.numbers(time))
  for (let k = 0; k < found.length; k++) {
    const value = found[k] as number
    if (!(value >= 0 && value < Infinity))
      throw wrongEventTime(
        { file: arrays.file, field: `${time}[${k}]` },
        value,
        'Count times from 0 in each recording.',
      )
    found[k] = (value * timeScale.times) / timeScale.over + 0
  }
  return found
}

function readShapeOf(arrays: NpzArrays, { shape }: ColumnRoles, file: string): readonly number[] | null {
  if (shape === undefined) return null
  try {
    return readShape(Array.from(arrays.numbers(shape)), shape)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({
      ...error.mistake,
      file,
      remedy: 'Save the shape in this form, or leave it out.',
      cause: error,
    })
  }
}

function readPlaces(arrays: NpzArrays, roles: ColumnRoles, events: number, missing: () => Error): EventPlaces {
  const { unit, x, y, polarity } = roles
  const of = (name: string) => arrays.numbers(name, events, 'one per time')
  if (unit !== undefined) return { kind: 'units', units: of(unit) }
  if (x === undefined || y === undefined) throw missing()
  return { kind: 'pixels', x: of(x), y: of(y), polarity: polarity === undefined ? null : signs(of(polarity)) }
}

/** Polarities of -1 and 1 as 0 and 1. */
function signs(values: Float64Array): Float64Array {
  return values.includes(-1) ? values.map((value) => (value === -1 ? 0 : value)) : values
}

function readSamples(arrays: NpzArrays, roles: ColumnRoles, events: number, count: number): Uint32Array {
  const { file } = arrays
  const { sample, offsets } = roles
  if (sample === undefined) return samplesOfOffsets(arrays, offsets as string, events, count)
  const found = arrays.numbers(sample, events, 'one per time')
  const wrong = found.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < count))
  if (wrong < 0) return Uint32Array.from(found)
  throw new InputError({
    ...{ code: 'SAMPLE_OUT_OF_RANGE', file, field: `${sample}[${wrong}]`, found: String(found[wrong]) },
    expected: `a recording from 0 to ${count - 1}${roles.label === undefined ? '' : `, as there are ${count} labels`}`,
    remedy: 'Number the recordings from 0, and save one label for each.',
  })
}

function samplesOfOffsets(arrays: NpzArrays, name: string, events: number, count: number): Uint32Array {
  const offsets = arrays.numbers(name, count + 1, 'one per recording, and the end of the last')
  const samples = new Uint32Array(events)
  for (let k = 0; k <= count; k++) {
    const [start, end] = [k === 0 ? 0 : (offsets[k - 1] as number), offsets[k] as number]
    const exact = k === 0 ? 0 : k === count ? events : end
    if (!(Number.isInteger(end) && end >= start && end <= events && end === exact))
      throw new InputError({
        ...{ code: 'SHAPE_MISMATCH', file: arrays.file, field: `${name}[${k}]`, found: String(end) },
        expected: `ascending integers from 0 to ${events}, the number of events`,
        remedy: 'Save the start of each recording, then the number of events.',
      })
    if (k > 0) samples.fill(k - 1, start, end)
  }
  return samples
}
