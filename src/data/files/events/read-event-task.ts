import { resolve } from 'node:path'
import { InputError } from '../../../events/errors.js'
import type { Task } from '../../../learning/task.js'
import { readPlain, readString } from '../../../network/reading/read-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { type ReadingOptions, readReadingOptions } from '../../recordings/reading-progress.js'
import { eventTaskWithNotes, readEventTaskOptions } from '../../recordings/task/event-task.js'
import type { EventTaskOptions } from '../../recordings/task/event-task-options.js'
import type { EventNote } from '../../recordings/task/split-recordings.js'
import { type ReadEventsOptions, readEvents } from './read-events.js'

/** Those of `eventTask`, and those of `readEvents` except the progress options. */
export interface ReadEventTaskOptions extends EventTaskOptions, Omit<ReadEventsOptions, keyof ReadingOptions> {}

/**
 * The task of recordings in a file or a folder, see `readEvents` and `eventTask`; partitions elsewhere read them, too, and
 * encode the samples themselves.
 *
 * Raises the `InputError`s of both.
 *
 * @example
 * const task = await readEventTask('taps.csv', { split: { by: 'speaker', validation: ['ann'], test: ['bob'] } })
 */
export async function readEventTask(
  path: string,
  options: ReadEventTaskOptions = {},
  reading: ReadingOptions = {},
): Promise<Task> {
  return (await recordingsAndTask(path, options, reading)).task
}

/** The same, with what it is made of. */
export async function recordingsAndTask(
  path: string,
  options: ReadEventTaskOptions,
  reading: ReadingOptions,
): Promise<{ readonly recordings: EventRecordings; readonly task: Task; readonly notes: readonly EventNote[] }> {
  readString(path, 'path')
  const { format, timeUnit, shape, classes, ...given } = readPlain(options, 'options') as ReadEventTaskOptions
  // Errors in the options are reported before all the files are read.
  readEventTaskOptions(given)
  const said = Object.entries({ format, timeUnit, shape, classes }).filter(([, value]) => value !== undefined)
  const recordings = await readEvents(path, {
    ...Object.fromEntries(said),
    ...readReadingOptions(reading, 'reading'),
  })
  const { task, notes } = inFile(path, () => eventTaskWithNotes(recordings, given))
  const origin = {
    module: 'antidrome/data/files',
    name: 'readEventTask',
    arguments: [resolve(path), structuredClone(options)],
  }
  // The network is made when it is asked for.
  const made: Task = Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(task),
    origin: { value: origin, enumerable: true },
  })
  return { recordings, task: made, notes }
}

/** What is wrong with recordings is so in their file. */
function inFile<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { field, file } = error.mistake
    throw file === undefined && /^(recordings|groups\.split)\b/.test(field) ? error.inFile(path) : error
  }
}
