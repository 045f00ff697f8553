import { InputError } from '../../../events/errors.js'
import { MOST_CLASSES } from '../../../learning/labels.js'
import type { ByteSource } from '../bytes/byte-source.js'
import type { EventRecording } from '../event-recordings.js'
import { emptyFile, wrongEventTime, wrongEventUnit, wrongFormat } from '../file-errors.js'
import { type Dataset, openDataset } from '../hdf5/dataset.js'
import { type GlobalHeap, openGlobalHeap } from '../hdf5/global-heap.js'
import { type Inflate, openHdf5 } from '../hdf5/hdf5-file.js'
import { listReader, readValues } from '../hdf5/values.js'
import { finder } from './find-dataset.js'
import { type Groups, readGroups } from './read-groups.js'

/** A file of Spiking Heidelberg Digits or Spiking Speech Commands, or one in their form. */
export interface ShdFile {
  readonly count: number
  readonly labels: readonly number[]
  /** Null if the file has none. */
  readonly classNames: readonly string[] | null
  readonly groups: Groups
  /** Times in ms, in the order of the file. */
  events(k: number): EventRecording
}

const S_TO_MS = 1000
/** What is meant, for errors. */
const FORM =
  'Write spikes/times (lists of floats, in s), spikes/units (lists of integers) and labels (integers), a row for each recording.'
const UNITS_REMEDY = 'Say how many channels there are (channels), or write the file again.'

/**
 * Opens a file in the form of SHD and SSC; labels and groups are read, events when they are asked for.
 *
 * Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED, DATASET_EMPTY, LABEL_OUT_OF_RANGE; `events` also
 * INPUT_TIME_NEGATIVE, NUMBER_NOT_FINITE, UNIT_OUT_OF_RANGE.
 *
 * Source: Cramer, Stradmann, Schemmel & Zenke, The Heidelberg spiking data sets for the systematic evaluation of spiking
 * neural networks (2020).
 */
export function openShd(source: ByteSource, inflate: Inflate, channels: number): ShdFile {
  const file = openHdf5(source, inflate)
  const find = finder(file)
  const heap = openGlobalHeap(file)
  const needed = (path: string): Dataset => {
    const start = find(path)
    if (start !== null) return openDataset(file, start, path)
    throw wrongFormat({ file: source.file, field: path, found: 'nothing' }, 'a dataset', FORM)
  }
  const [times, units, labels] = [needed('spikes/times'), needed('spikes/units'), needed('labels')]
  const { count } = times
  if (count === 0) throw emptyFile(source.file, times.name)
  for (const other of [units, labels])
    if (other.count !== count)
      throw wrongFormat(
        { file: source.file, field: other.name, found: `${other.count} rows` },
        `${count}, as in ${times.name}`,
        FORM,
      )
  const keys = find('extra/keys')
  const classNames = keys === null ? null : readValues(openDataset(file, keys, 'extra/keys'), heap).map(String)
  return {
    count,
    labels: readLabels(labels, heap, classNames),
    classNames,
    groups: readGroups(file, heap, count, find),
    events: eventReader(source.file, listReader(times, heap), listReader(units, heap), channels),
  }
}

function readLabels(dataset: Dataset, heap: GlobalHeap, classNames: readonly string[] | null): readonly number[] {
  const classes = classNames?.length ?? MOST_CLASSES
  return readValues(dataset, heap).map((label, k) => {
    if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < classes) return label
    throw new InputError({
      code: 'LABEL_OUT_OF_RANGE',
      file: dataset.file.source.file,
      field: `labels[${k}]`,
      found: String(label),
      expected: `an integer from 0 to ${classes - 1}${classNames === null ? '' : ', as extra/keys names this many'}`,
      remedy: classNames === null ? FORM : 'Give extra/keys a name for every class, or leave it out.',
    })
  })
}

type ReadList = (k: number) => Float64Array

function eventReader(file: string, timesOf: ReadList, unitsOf: ReadList, channels: number): ShdFile['events'] {
  return (k) => {
    const [times, units] = [timesOf(k), unitsOf(k)]
    if (times.length !== units.length)
      throw wrongFormat(
        { file, field: `spikes/units[${k}]`, found: `${units.length} units` },
        `${times.length}, one for each of spikes/times[${k}]`,
        FORM,
      )
    for (let e = 0; e < times.length; e++) {
      const [time, unit] = [(times[e] as number) * S_TO_MS, units[e] as number]
      if (!(time >= 0 && time < Infinity)) throw wrongEventTime({ file, field: `spikes/times[${k}][${e}]` }, time, FORM)
      if (!(Number.isInteger(unit) && unit >= 0 && unit < channels))
        throw wrongEventUnit({ file, field: `spikes/units[${k}][${e}]`, found: `${unit}` }, channels, UNITS_REMEDY)
      // Not -0.
      times[e] = time + 0
    }
    return { times, units: Uint32Array.from(units) }
  }
}
