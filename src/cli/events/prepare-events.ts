import { recordingsAndTask } from '../../data/files/events/read-event-task.js'
import type { ReadingProgress } from '../../data/recordings/reading-progress.js'
import type { EventTaskOptions } from '../../data/recordings/task/event-task-options.js'
import type { EventNote } from '../../data/recordings/task/split-recordings.js'
import { documentationPage } from '../../events/documentation-page.js'
import { InputError } from '../../events/errors.js'
import { classNameOf } from '../../learning/class-name.js'
import type { Task } from '../../learning/task.js'
import { type EventFlags, eventFlagsOf } from './event-flags.js'
import { inTermsOfEventFlags } from './in-terms-of-event-flags.js'

/** A task, the names of its classes, and the notes to report about it. */
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
  const { data } = choice
  if (data === undefined)
    throw new InputError({
      code: 'DATA_MISSING',
      ...{ field: '--data', found: 'no file', expected: 'the file or folder with the recordings' },
      remedy: `${documentationPage('own-recordings.md')} tells how they are written. A trained network is in the folder of its run.`,
    })
  const flags = eventFlagsOf(choice)
  try {
    const { recordings, task, notes } = await recordingsAndTask(data, { ...options, ...flags }, { onProgress })
    const classes = Array.from({ length: recordings.classes }, (_, label) => classNameOf(recordings.classNames, label))
    return { task, classes, notes }
  } catch (error) {
    throw inTermsOfEventFlags(error, flags, '--data')
  }
}
