import { closeSync, fstatSync } from 'node:fs'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { inflateSync } from 'node:zlib'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { integerFrom, numberThat } from '../../network/reading/read-number.js'
import { readString } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import type { ByteSource } from '../recordings/bytes/byte-source.js'
import { gatherRecordings } from '../recordings/compact-recordings.js'
import { createEventBlocks, type EventBlocks } from '../recordings/event-blocks.js'
import type { EventRecordings } from '../recordings/event-recordings.js'
import { wrongFormat } from '../recordings/file-errors.js'
import type { Inflate } from '../recordings/hdf5/hdf5-file.js'
import { READING_READERS, type ReadingOptions } from '../recordings/reading-progress.js'
import { openShd, type ShdFile } from '../recordings/shd/open-shd.js'
import { sortedRecording } from '../recordings/sorted-recording.js'
import { fillFrom, openPlainFile, reading } from './file-bytes.js'
import { hdf5Files } from './hdf5-files.js'
import { requireUnchanged } from './read-bytes.js'

/** Small reads are answered from pages, of which `PAGES` are kept. */
const PAGE_BYTES = 1 << 14
const PAGES = 16

/**
 * The bytes of a file that is read now and then, for any length of time: it is open while it is read alone, and
 * must stay as it is.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE; `read` also DATA_FILE_CHANGED, DATA_FILE_DAMAGED.
 */
function lastingFile(file: string): ByteSource {
  const before = whileOpen(file, (descriptor) => fstatSync(descriptor))
  const { size } = before
  const pages = new Map<number, Uint8Array>()

  const readNow = (position: number, length: number): Uint8Array =>
    whileOpen(file, (descriptor) => {
      requireUnchanged(file, before, fstatSync(descriptor))
      const bytes = new Uint8Array(length)
      fillFrom({ file, descriptor, size }, position, bytes)
      return bytes
    })

  const page = (number: number): Uint8Array => {
    const kept = pages.get(number)
    if (kept !== undefined) return kept
    const start = number * PAGE_BYTES
    const bytes = readNow(start, Math.min(PAGE_BYTES, size - start))
    for (const oldest of pages.keys()) if (pages.size >= PAGES) pages.delete(oldest)
    pages.set(number, bytes)
    return bytes
  }

  const read = (position: number, length: number): Uint8Array => {
    const number = Math.floor(position / PAGE_BYTES)
    const start = position - number * PAGE_BYTES
    if (length === 0 || start + length > PAGE_BYTES) return readNow(position, length)
    return page(number).subarray(start, start + length)
  }
  return { file, size, read }
}

function whileOpen<Result>(file: string, work: (descriptor: number) => Result): Result {
  return reading(file, () => {
    const { descriptor } = openPlainFile(file)
    try {
      return work(descriptor)
    } finally {
      closeSync(descriptor)
    }
  })
}

/** What `readShd` and `readSsc` take. */
export interface ShdOptions extends ReadingOptions {
  /** Units there are. Default 700, as in SHD and SSC. */
  readonly channels?: number
  /** Files of more MiB together stay where they are, and recordings are read one by one. Default 1024. */
  readonly memory?: number
}

const READERS: Readers<ShdOptions> = {
  channels: integerFrom(1),
  memory: numberThat({ expected: 'a number from 0', holds: (mib) => mib >= 0 }),
  ...READING_READERS,
}
const CHANNELS = 700
const MEMORY = 1024
const MIB = 2 ** 20
/** Recordings between which others have their turn. */
const AT_A_TIME = 64

/**
 * Recordings of Spiking Heidelberg Digits, or of others in files of that form: HDF5 with `spikes/times` (in s), `spikes/units`
 * and `labels`, and as far as there are `extra/keys` (names of classes), `extra/speaker` and `extra/meta_info`. Several files,
 * such as those for training and test, are put one after the other.
 *
 * Shape `[channels]`. `groups` has `file` (the name without its folder), `speaker`, and what is known of speakers, such as
 * `gender`. Floats of 16, 32 or 64 bits; whole, in chunks, packed by gzip. No library is needed for it.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_FORMAT, DATA_FILE_DAMAGED, DATASET_EMPTY,
 * INPUT_TIME_NEGATIVE, NUMBER_NOT_FINITE, UNIT_OUT_OF_RANGE, LABEL_OUT_OF_RANGE, FIELD_*, SHAPE_MISMATCH,
 * OPTION_OUT_OF_RANGE; and where
 * recordings are read one by one `trial` DATA_FILE_CHANGED.
 *
 * @param path a file, a folder of files, which are taken in the order of their names, or several of these
 * @example
 * const recordings = await readShd(['data/shd_train.h5', 'data/shd_test.h5'])
 */
export async function readShd(path: string | readonly string[], options: ShdOptions = {}): Promise<EventRecordings> {
  const given = typeof path === 'string' ? [path] : listOf(readString)(path, 'path')
  const { channels = CHANNELS, memory = MEMORY, onProgress } = readOptions(options, READERS)
  if (given.length === 0) throw wrongShape('path', 'no file', 'at least one')
  const paths = given.flatMap(hdf5Files)
  const sources = paths.map(lastingFile)
  const files = sources.map((source) => openShd(source, inflate, channels))
  const bytes = sources.reduce((sum, { size }) => sum + size, 0)
  const description = { shape: [channels], files: paths, ...namesOf(files, paths) }
  const storage = bytes > memory * MIB ? () => blocksIn(files) : createEventBlocks
  const builder = gatherRecordings(description, storage)
  const shared = [...(files[0] as ShdFile).groups.keys()].filter((name) =>
    files.every(({ groups }) => groups.has(name)),
  )
  const names = fileNames(paths)
  const total = files.reduce((sum, { count }) => sum + count, 0)
  let done = 0
  for (const [f, file] of files.entries()) {
    for (let k = 0; k < file.count; k++) {
      const known = shared.map((name) => [name, file.groups.get(name)?.[k]])
      const groups = { file: names[f] as string, ...Object.fromEntries(known) }
      builder.add({ ...file.events(k), label: file.labels[k] as number, groups }, paths[f])
      if (++done % AT_A_TIME > 0 && done < total) continue
      onProgress?.({ done, total, unit: 'recordings' })
      await setImmediate()
    }
  }
  return builder.finish()
}

/**
 * Recordings of Spiking Speech Commands, whose files have the same form: up to three, for training, validation and test.
 *
 * See `readShd` for what is returned and raised.
 *
 * @example
 * const recordings = await readSsc(['data/ssc_train.h5', 'data/ssc_valid.h5', 'data/ssc_test.h5'])
 */
export function readSsc(path: string | readonly string[], options: ShdOptions = {}): Promise<EventRecordings> {
  return readShd(path, options)
}

const inflate: Inflate = (packed, most) => inflateSync(packed, { maxOutputLength: most })

/** The events of files, read when they are asked for. */
function blocksIn(files: readonly ShdFile[]): EventBlocks {
  return {
    add: () => {},
    recording: (k) => {
      let [f, first] = [0, 0]
      for (; k >= first + (files[f] as ShdFile).count; f++) first += (files[f] as ShdFile).count
      return sortedRecording((files[f] as ShdFile).events(k - first))
    },
    bytes: () => 0,
  }
}

/** Without their folders, where these tell them apart nevertheless. */
function fileNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => basename(path))
  return new Set(names).size === new Set(paths).size ? names : paths
}

function namesOf(files: readonly ShdFile[], paths: readonly string[]): { readonly classNames?: readonly string[] } {
  const first = files.find(({ classNames }) => classNames !== null)?.classNames ?? null
  if (first === null) return {}
  for (const [f, { classNames }] of files.entries()) {
    if (classNames === null || JSON.stringify(classNames) === JSON.stringify(first)) continue
    throw wrongFormat(
      { file: paths[f] as string, field: 'extra/keys', found: classNames.join(', ') },
      `${first.join(', ')}, as in another file`,
      'Read files with other classes apart.',
    )
  }
  return { classNames: first }
}
