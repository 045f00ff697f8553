import { InputError } from '../../../events/errors.js'
import { readOptions } from '../../../network/reading/read-fields.js'
import { readString } from '../../../network/reading/read-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { emptyFile, wrongEventTime } from '../../recordings/file-errors.js'
import { readShape } from '../../recordings/recordings-description.js'
import { readBytes } from '../read-bytes.js'
import { type ColumnRoles, columnRoles, missingColumn } from '../tables/column-names.js'
import { type EventPlaces, placeEvents } from '../tables/event-columns.js'
import { numberLabels } from '../tables/read-labels.js'
import { recordingsOfTable } from '../tables/recordings-of-table.js'
import { EVENT_TABLE_READERS, type EventTableOptions } from '../tables/table-options.js'
import { type NpzArrays, openNpz } from './npz-arrays.js'

const NPZ = { field: 'npz', roles: ['unit', 'x', 'y', 'polarity', 'sample', 'offsets', 'label', 'shape'] } as const

/**
 * Reads recordings from an archive of NumPy, as `numpy.savez` or `savez_compressed` write it.
 *
 * One value per event: `time_ms`, `time_s` or `time_us` (or `t`, in µs), and `unit`, or `x`, `y` and, if there are two,
 * `polarity` (or `p`: 0 and 1, or -1 and 1); and `sample`, the number of its recording from 0, or for all of them `offsets`,
 * where each recording begins, and behind the last one where it ends. One value per recording: `label`, numbers from 0 or
 * names; anything else is a group, such as `speaker`. `shape`, if it is there, says `[channels]` or `[polarities, height,
 * width]`. Names may stand in the plural. Events may be in any order.
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
  return parseNpz(await readBytes(path), path, given)
}

/** The recordings in the bytes of such a file. */
export async function parseNpz(
  bytes: Uint8Array,
  file: string,
  options: EventTableOptions = {},
): Promise<EventRecordings> {
  const arrays = await openNpz(bytes, file)
  const roles = columnRoles(arrays.names, { file, ...NPZ }, options.timeUnit)
  const required = (role: 'label' | 'unit', expected: string): string => {
    const name = roles[role]
    if (name === undefined) throw missingColumn({ file, field: 'npz' }, arrays.names, role, expected)
    return name
  }
  const labels = arrays.list(required('label', 'labels, one per recording'))
  const count = labels.length
  if (count === 0) throw emptyFile(file, roles.label as string)
  const times = readTimes(arrays, roles)
  const shape = options.shape ?? readShapeOf(arrays, roles, file)
  const places = readPlaces(arrays, roles, times.length, () => required('unit', 'unit, or x and y'))
  const columnOf = (column: 'unit' | 'x' | 'y' | 'polarity') => roles[column] as string
  const at = { file, place: (column: Parameters<typeof columnOf>[0], k: number) => `${columnOf(column)}[${k}]` }
  const field = roles.label as string
  return recordingsOfTable({
    file,
    ...placeEvents(places, shape, at),
    ...numberLabels(labels, options.classes, { file, field, place: (k) => `${field}[${k}]` }),
    times,
    samples: readSamples(arrays, roles, times.length, count),
    groups: Object.fromEntries(roles.groups.map((name) => [name, arrays.list(name, count, 'one per recording')])),
  })
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

function readShapeOf(arrays: NpzArrays, { shape }: ColumnRoles, file: string): readonly number[] | undefined {
  if (shape === undefined) return undefined
  try {
    return readShape(Array.from(arrays.numbers(shape)), shape)
  } catch (error) {
    throw error instanceof InputError ? error.inFile(file) : error
  }
}

function readPlaces(arrays: NpzArrays, roles: ColumnRoles, events: number, unit: () => string): EventPlaces {
  const { x, y, polarity } = roles
  const of = (name: string) => arrays.numbers(name, events, 'one per time')
  if (roles.unit !== undefined || x === undefined || y === undefined) return { kind: 'units', units: of(unit()) }
  return { kind: 'pixels', x: of(x), y: of(y), polarity: polarity === undefined ? null : signs(of(polarity)) }
}

/** Polarities of -1 and 1 as 0 and 1. */
function signs(values: Float64Array): Float64Array {
  return values.includes(-1) ? values.map((value) => (value === -1 ? 0 : value)) : values
}

function readSamples(arrays: NpzArrays, roles: ColumnRoles, events: number, count: number): Uint32Array {
  const { file } = arrays
  const { sample, offsets } = roles
  if (sample === undefined && offsets === undefined)
    throw missingColumn(
      { file, field: 'npz' },
      arrays.names,
      'sample',
      'sample, the recording of each event, or offsets',
    )
  if (sample === undefined) return samplesOfOffsets(arrays, offsets as string, events, count)
  const found = arrays.numbers(sample, events, 'one per time')
  const wrong = found.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < count))
  if (wrong < 0) return Uint32Array.from(found)
  throw new InputError({
    ...{ code: 'SAMPLE_OUT_OF_RANGE', file, field: `${sample}[${wrong}]`, found: String(found[wrong]) },
    expected: `a recording from 0 to ${count - 1}, as there are ${count} labels`,
  })
}

function samplesOfOffsets(arrays: NpzArrays, name: string, events: number, count: number): Uint32Array {
  const offsets = arrays.numbers(name, count + 1, 'one per recording, and one behind the last')
  const samples = new Uint32Array(events)
  for (let k = 0; k <= count; k++) {
    const [start, end] = [k === 0 ? 0 : (offsets[k - 1] as number), offsets[k] as number]
    const exact = k === 0 ? 0 : k === count ? events : end
    if (!(Number.isInteger(end) && end >= start && end <= events && end === exact))
      throw new InputError({
        ...{ code: 'SHAPE_MISMATCH', file: arrays.file, field: `${name}[${k}]`, found: String(end) },
        expected: `whole numbers that rise from 0 to ${events}, the number of events`,
      })
    if (k > 0) samples.fill(k - 1, start, end)
  }
  return samples
}
