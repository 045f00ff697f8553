import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { readString } from '../../network/reading/read-value.js'
import { cutWindow } from '../recordings/aedat3/cut-window.js'
import { decodeAedat3 } from '../recordings/aedat3/decode-aedat3.js'
import { GESTURES, type GestureWindow, parseGestureWindows } from '../recordings/aedat3/gesture-windows.js'
import { shapeOf } from '../recordings/bytes/camera.js'
import { EventBuffer } from '../recordings/bytes/event-buffer.js'
import { createRecordingsBuilder } from '../recordings/compact-recordings.js'
import type { EventRecordings } from '../recordings/event-recordings.js'
import { damagedFile, wrongFormat } from '../recordings/file-errors.js'
import { type ReadingOptions, readReadingOptions } from '../recordings/reading-progress.js'
import { sortedRecording } from '../recordings/sorted-recording.js'
import { reading, withFileBytes } from './file-bytes.js'
import { missing } from './labelled-files.js'

const CAMERA = { width: 128, height: 128 }
const LISTS = { train: 'trials_to_train.txt', test: 'trials_to_test.txt' }
/** Tables and lists have some hundred bytes. */
const MOST_TEXT = 1 << 20

/** A recording of a person, and its description in the files beside it. */
interface Session {
  readonly path: string
  readonly user: number
  readonly lighting: string
}

/**
 * Recordings of DVS128 Gesture, of shape `[2, 128, 128]`: a folder of `user10_led.aedat` and the like, each with its table of
 * gestures, `user10_led_labels.csv`; or one such file. Every gesture is a trial, in the order of users, lightings and tables;
 * times count from its start. `groups` has `user`, `lighting`, `file` and, where the lists of trials to train and to test
 * are there, `split`: `train`, `test` or `none`.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE,
 * FIELD_*.
 *
 * @example
 * const recordings = await readDvsGesture('data/DvsGesture')
 * Source: Amir et al., A low power, fully event-based gesture recognition system (2017), and the README of their data; see
 * `decodeAedat3`.
 */
export async function readDvsGesture(path: string, options: ReadingOptions = {}): Promise<EventRecordings> {
  readString(path, 'path')
  const { onProgress } = readReadingOptions(options, 'options')
  const sessions = sessionsAt(path)
  const splitOf = readLists(reading(path, () => statSync(path)).isDirectory() ? path : dirname(path))
  const files = sessions.map((session) => session.path)
  const builder = createRecordingsBuilder({ shape: shapeOf(CAMERA), classNames: GESTURES, files })
  for (const [k, { path: file, user, lighting }] of sessions.entries()) {
    const windows = readWindows(file)
    const events = new EventBuffer()
    withFileBytes(file, (source) => decodeAedat3(source, CAMERA, events))
    const recording = sortedRecording(events.finish())
    const groups = { user, lighting, file: basename(file), ...splitOf?.(basename(file)) }
    for (const { label, start, end } of windows)
      builder.add({ ...cutWindow(recording, start, end), label, groups }, file)
    onProgress?.({ done: k + 1, total: sessions.length, unit: 'files' })
    // Whatever else waits has its turn between files.
    await setImmediate()
  }
  return builder.finish()
}

function sessionsAt(path: string): readonly Session[] {
  const isFolder = reading(path, () => statSync(path)).isDirectory()
  const names = isFolder ? reading(path, () => readdirSync(path)) : [basename(path)]
  const found = names.filter((name) => !isFolder || (name.endsWith('.aedat') && !name.startsWith('.')))
  if (found.length === 0) throw missing(path, 'files as user10_led.aedat')
  const sessions = found.map((name) => sessionOf(isFolder ? join(path, name) : path))
  return sessions.sort((one, other) => one.user - other.user || (one.lighting < other.lighting ? -1 : 1))
}

function sessionOf(path: string): Session {
  const [, user, lighting] = /^user(\d{1,9})_(.+)\.aedat$/.exec(basename(path)) ?? []
  if (user !== undefined && lighting !== undefined) return { path, user: Number(user), lighting }
  const place = { file: path, field: 'name', found: basename(path) }
  throw wrongFormat(place, 'user and lighting, as in user10_led.aedat', 'Name the file as in the data set.')
}

function readWindows(path: string): readonly GestureWindow[] {
  const file = path.replace(/\.aedat$/, '_labels.csv')
  return parseGestureWindows(readText(file), file)
}

/** What the lists say of a file; null where they are not there. */
function readLists(folder: string): ((name: string) => { readonly split: string }) | null {
  const lists = Object.entries(LISTS).map(([split, name]) => ({ split, file: join(folder, name) }))
  if (!lists.every(({ file }) => existsSync(file))) return null
  const splits = new Map(
    lists.flatMap(({ split, file }) =>
      readText(file)
        .split('\n')
        .map((line) => [line.trim(), split] as const),
    ),
  )
  return (name) => ({ split: splits.get(name) ?? 'none' })
}

function readText(file: string): string {
  return withFileBytes(file, (source) => {
    if (source.size > MOST_TEXT)
      throw damagedFile({ file, field: 'length', found: `${source.size} bytes` }, `${MOST_TEXT} at most`)
    return new TextDecoder('latin1').decode(source.read(0, source.size))
  })
}
