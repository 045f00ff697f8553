import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'

/** Every thread of a kernel takes room for its own in the kernel's memory. */
export const MOST_THREADS = 64

/** Raises `InputError` THREADS_INVALID. */
export function checkThreads(threads: unknown): void {
  if (Number.isInteger(threads) && Number(threads) >= 1 && Number(threads) <= MOST_THREADS) return
  throw new InputError({
    code: 'THREADS_INVALID',
    field: 'options.threads',
    found: describeValue(threads),
    expected: `an integer from 1 to ${MOST_THREADS}`,
  })
}
