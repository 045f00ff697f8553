import type { Task } from '../../learning/task.js'

/** What a person may want to know of samples without an input spike, in a sentence; null if there are none. */
export function describeEmptyTrials({
  train,
  validation,
  test,
}: Pick<Task, 'train' | 'validation' | 'test'>): string | null {
  const counts = Object.entries({ training: train, validation, test })
    .filter(([, { emptyTrials = 0 }]) => emptyTrials > 0)
    .map(([split, { emptyTrials, size }]) => `${emptyTrials} of ${size} ${split} samples`)
  return counts.length === 0 ? null : `without any input spike are ${counts.join(', ')}.`
}
