import { readOrigin } from './read-arguments.js'
import type { TaskSamples } from './session.js'
import type { Dataset, SplitName, Task, TaskFingerprint } from './task.js'
import { fingerprintOf, SPLITS } from './task-fingerprint.js'

/** A split of a task, as others know it. */
export type NamedSplit = Pick<TaskSamples, 'origin' | 'fingerprint' | 'split'>

/**
 * Which split of a task a data set is; null if it is none, or if no other process could make the task.
 *
 * @param task or as much of one as is known
 */
export function namedSplits(task: Partial<Pick<Task, SplitName | 'origin'>>): (dataset: Dataset) => NamedSplit | null {
  const { origin, train, validation, test } = task
  if (origin === undefined || train === undefined || validation === undefined || test === undefined) return () => null
  readOrigin(origin, 'task.origin')
  const fingerprint = tryFingerprint({ train, validation, test })
  return (dataset) => {
    const split = SPLITS.find((name) => task[name] === dataset)
    return split === undefined || fingerprint === null ? null : { origin, fingerprint, split }
  }
}

/** Samples that cannot be encoded are reported when they are requested. */
function tryFingerprint(task: Pick<Task, SplitName>): TaskFingerprint | null {
  try {
    return fingerprintOf(task)
  } catch {
    return null
  }
}
