import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { createLabels, MOST_CLASSES } from '../../learning/labels.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readNumbers } from '../../network/reading/read-list.js'
import { indexBelow } from '../../network/reading/read-number.js'
import { readRecord } from '../../network/reading/read-value.js'
import { wrongShape, wrongType } from '../../network/reading/wrong-value.js'
import { shapeSize } from '../shape-size.js'
import { createEventBlocks, type EventBlocks } from './event-blocks.js'
import type { EventRecording, EventRecordings } from './event-recordings.js'
import { wrongEventTime, wrongEventUnit } from './file-errors.js'
import { type RecordingsDescription, readDescription } from './recordings-description.js'
import { createSha256 } from './sha256.js'
import { sortedRecording } from './sorted-recording.js'

/** One recording with its label: times in ms, at least 0, and units, in any order. */
export interface LabelledRecording {
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
  readonly label: number
  /** What else is known of it; all recordings have the same names. */
  readonly groups?: Readonly<Record<string, string | number>>
}

/** Recordings that are being gathered. */
export interface RecordingsBuilder {
  /** @param file that it is from, for errors */
  add(recording: LabelledRecording, file?: string): void
  /** All of them; nothing may be added afterwards. */
  finish(): EventRecordings
}

/**
 * Gathers recordings compactly in memory: units of 16 bits where these are enough, times of 32 bits where none changes by
 * it, events in the order of (time, unit). The digest is over what they hold, not over how or where it was kept.
 *
 * `add` raises `InputError` NUMBER_NOT_FINITE, INPUT_TIME_NEGATIVE, UNIT_OUT_OF_RANGE, LABEL_OUT_OF_RANGE, SHAPE_MISMATCH,
 * FIELD_*, with recording and event; `finish` raises DATASET_EMPTY.
 */
export function createRecordingsBuilder(description: RecordingsDescription): RecordingsBuilder {
  return gatherRecordings(description, createEventBlocks)
}

/**
 * As `createRecordingsBuilder`, for events that are kept elsewhere.
 *
 * @param storage where, for the number of units
 */
export function gatherRecordings(
  description: RecordingsDescription,
  storage: (size: number) => EventBlocks,
): RecordingsBuilder {
  const about = readDescription(description)
  const { shape, classNames, files = [] } = about
  const said = about.classes ?? classNames?.length
  const size = shapeSize(shape)
  const blocks = storage(size)
  const hash = createSha256()
  const labels: number[] = []
  const groups = new Map<string, (string | number)[]>()
  return {
    add: (given, file) => {
      const at = { field: `recordings[${labels.length}]`, file }
      const recording = sortedRecording(readEvents(given, size, at))
      labels.push(
        inPlace(file, () => indexBelow(said ?? MOST_CLASSES, 'LABEL_OUT_OF_RANGE')(given.label, `${at.field}.label`)),
      )
      inPlace(file, () => addGroups(groups, given.groups ?? {}, at.field, labels.length - 1))
      hash.words(Uint32Array.of(recording.times.length))
      hash.words(new Uint32Array(recording.times.buffer, recording.times.byteOffset, 2 * recording.times.length))
      hash.words(recording.units)
      blocks.add(recording)
    },
    finish: () => {
      const count = labels.length
      if (count === 0)
        throw new InputError({ code: 'DATASET_EMPTY', field: 'recordings', found: 'none', expected: 'at least one' })
      const classes = said ?? labels.reduce((most, label) => Math.max(most, label + 1), 1)
      const packed = createLabels(count, classes)
      packed.set(labels)
      const named = Object.fromEntries(groups)
      hash.text(JSON.stringify([shape, classes, classNames ?? null, labels, Object.entries(named).sort(byName)]))
      const digest = hash.digest()
      const trial = (k: number) => blocks.recording(indexBelow(count, 'SAMPLE_OUT_OF_RANGE')(k, 'k'))
      const names = classNames === undefined ? {} : { classNames }
      return Object.freeze({ count, classes, ...names, shape, labels: packed, groups: named, files, digest, trial })
    },
  }
}

/**
 * Recordings from anywhere, compactly in memory, as `createRecordingsBuilder` gathers them.
 *
 * @example
 * const recordings = compactRecordings([{ times: [1, 4.5], units: [0, 1], label: 0 }, …], { shape: [2] })
 */
export function compactRecordings(
  recordings: Iterable<LabelledRecording>,
  description: RecordingsDescription,
): EventRecordings {
  const builder = createRecordingsBuilder(description)
  if (typeof (recordings as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== 'function')
    throw wrongType(recordings, 'recordings', 'a list of recordings')
  for (const recording of recordings) builder.add(recording)
  return builder.finish()
}

interface Place {
  readonly field: string
  readonly file: string | undefined
}

function readEvents(given: LabelledRecording, size: number, { field, file }: Place): EventRecording {
  const record = readRecord(given, field)
  const [times, units] = [readNumbers(record.times, `${field}.times`), readNumbers(record.units, `${field}.units`)]
  if (times.length !== units.length)
    throw wrongShape(`${field}.units`, `${units.length} units`, `${times.length}, one per time`)
  const place = (name: string, k: number) => ({
    ...(file === undefined ? {} : { file }),
    field: `${field}.${name}[${k}]`,
  })
  const found = { times: new Float64Array(times.length), units: new Uint32Array(times.length) }
  for (let k = 0; k < times.length; k++) {
    const [time, unit] = [times[k], units[k]]
    if (!(typeof time === 'number' && time >= 0 && time < Infinity)) {
      if (typeof time !== 'number') throw wrongType(time, `${field}.times[${k}]`, 'a time in ms')
      throw wrongEventTime(place('times', k), time)
    }
    if (!(typeof unit === 'number' && Number.isInteger(unit) && unit >= 0 && unit < size))
      throw wrongEventUnit({ ...place('units', k), found: describeValue(unit) }, size)
    found.times[k] = time + 0
    found.units[k] = unit
  }
  return found
}

function addGroups(
  groups: Map<string, (string | number)[]>,
  given: Readonly<Record<string, string | number>>,
  field: string,
  k: number,
): void {
  const record = readRecord(given, `${field}.groups`)
  const names = k === 0 ? Object.keys(record) : [...groups.keys()]
  if (k > 0) refuseUnknown(record, names, `${field}.groups`)
  for (const name of names) {
    const value = entryOf<unknown>(record, name)
    const isKnown = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
    if (!isKnown) throw wrongType(value, `${field}.groups.${name}`, 'a text or a number')
    const values = groups.get(name) ?? []
    values.push(value)
    groups.set(name, values)
  }
}

function inPlace<Result>(file: string | undefined, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw file !== undefined && error instanceof InputError ? error.inFile(file) : error
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
