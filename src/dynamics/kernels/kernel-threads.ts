import { valueThat } from '../../network/reading/read-value.js'

/** Every thread of a kernel takes room for its own in the kernel's memory. */
export const MOST_THREADS = 64

/** Raises `InputError` THREADS_INVALID. */
export const readThreads = valueThat<number>({
  code: 'THREADS_INVALID',
  expected: `an integer from 1 to ${MOST_THREADS}`,
  holds: (threads) => Number.isInteger(threads) && Number(threads) >= 1 && Number(threads) <= MOST_THREADS,
})
