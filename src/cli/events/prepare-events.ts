import { recordingsAndTask } from '../../data/files/events/read-event-task.js'
import { classNameOf } from '../../data/recordings/class-name.js'
import type { ReadingProgress } from '../../data/recordings/reading-progress.js'
import { eventNotes } from '../../data/recordings/task/event-task.js'
import type { EventTaskOptions } from '../../data/recordings/task/event-task-options.js'
import type { EventNote } from '../../data/recordings/task/split-recordings.js'
import { InputError } from '../../events/errors.js'
import type { Task } from '../../learning/task.js'
import { type EventFlags, eventOptionsOf } from './event-flags.js'

/** A task, the names of its classes, and what is to be told of it. */
export interface PreparedEvents {
  readonly task: Task
  readonly classes: readonly string[]
  readonly notes: readonly EventNote[]
}

/**
 * The task of recordings, as preset and flags have it.
 *
 * Raises the `InputError`s of `readEventTask`, those of what a flag says with the flag, and DATA_MISSING.
 */
export async function prepareEvents(
  options: EventTaskOptions,
  choice: EventFlags & { readonly data?: string },
  onProgress: (progress: ReadingProgress) => void = () => undefined,
): Promise<PreparedEvents> {
  const { data, format } = choice
  if (data === undefined)
    throw new InputError({
      code: 'DATA_MISSING',
      ...{ field: '--data', found: 'no file', expected: 'the file or folder with the recordings' },
      remedy: 'docs/own-recordings.md tells how they are written. A trained network is in the folder of its run.',
    })
  const flags = eventOptionsOf(choice)
  try {
    const given = { ...options, ...flags }
    const said = format === undefined ? {} : { format }
    const { recordings, task } = await recordingsAndTask(data, { ...given, ...said }, { onProgress })
    const classes = Array.from({ length: recordings.classes }, (_, label) => classNameOf(recordings.classNames, label))
    return { task, classes, notes: eventNotes(recordings, given) }
  } catch (error) {
    throw inTermsOfFlags(error, flags)
  }
}

const FLAGS = { split: '--split', pool: '--pool', deadTime: '--dead-time', augment: '--augment' } as const

/** What a flag says is told as that of the flag. */
function inTermsOfFlags(error: unknown, given: object): unknown {
  if (!(error instanceof InputError)) return error
  const { field, file } = error.mistake
  if (field === 'format') return new InputError({ ...error.mistake, field: '--format', cause: error })
  if (field === 'file') return new InputError({ ...error.mistake, field: '--data', cause: error })
  const names = Object.entries(FLAGS)
  const found = file === undefined ? names.find(([name]) => RegExp(`^(options\\.)?${name}\\b`).test(field)) : undefined
  if (found === undefined || !Object.hasOwn(given, found[0])) return error
  const place = field.replace(/^options\./, '').replace(found[0], found[1])
  return new InputError({ ...error.mistake, field: place, cause: error })
}
