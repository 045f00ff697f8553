import { InputError } from '../../../events/errors.js'
import { wrongFormat } from '../file-errors.js'
import { openDataset } from '../hdf5/dataset.js'
import type { GlobalHeap } from '../hdf5/global-heap.js'
import type { Hdf5File } from '../hdf5/hdf5-file.js'
import { linksOf } from '../hdf5/links.js'
import { readValues } from '../hdf5/values.js'
import type { Find } from './find-dataset.js'

type Value = string | number

/** What is known of each recording, by name. */
export type Groups = ReadonlyMap<string, readonly Value[]>

/** Where a file does not say. */
const UNKNOWN = 'unknown'

/**
 * `speaker` of each recording, and what `extra/meta_info` knows of the speakers or of the recordings, such as `gender`; what
 * is neither is left out.
 *
 * Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED.
 */
export function readGroups(file: Hdf5File, heap: GlobalHeap, count: number, find: Find): Groups {
  const start = find('extra/speaker')
  const speakers = start === null ? null : known(readValues(openDataset(file, start, 'extra/speaker'), heap))
  if (speakers !== null && speakers.length !== count)
    throw wrongFormat(
      { file: file.source.file, field: 'extra/speaker', found: `${speakers.length} rows` },
      `${count}, one for each recording`,
      'Write the file again with the speaker of each recording, or without.',
    )
  const groups = new Map<string, readonly Value[]>(speakers === null ? [] : [['speaker', speakers]])
  const about = find('extra/meta_info')
  for (const [name, at] of about === null ? [] : linksOf(file, about)) {
    const values = at === null || groups.has(name) ? null : valuesOrNothing(file, heap, at, name)
    const each = values === null ? null : ofRecordings(values, speakers, count)
    if (each !== null) groups.set(name, each)
  }
  return groups
}

function ofRecordings(
  values: readonly Value[],
  speakers: readonly Value[] | null,
  count: number,
): readonly Value[] | null {
  if (values.length === count) return values
  const ofEach = speakers?.map((speaker) => values[speaker as number])
  return ofEach?.every((value) => value !== undefined) ? (ofEach as readonly Value[]) : null
}

/** Null for what is of a kind that is not read: nothing depends on it. */
function valuesOrNothing(file: Hdf5File, heap: GlobalHeap, at: number, name: string): readonly Value[] | null {
  try {
    return known(readValues(openDataset(file, at, `extra/meta_info/${name}`), heap))
  } catch (error) {
    if (error instanceof InputError && error.code === 'DATA_FILE_FORMAT') return null
    throw error
  }
}

function known(values: readonly Value[]): readonly Value[] {
  return values.map((value) => (typeof value === 'string' || Number.isFinite(value) ? value : UNKNOWN))
}
