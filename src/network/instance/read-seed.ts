import { valueThat } from '../reading/read-value.js'

/** A seed of streams of random numbers; raises `InputError` SEED_INVALID. */
export const readSeed = valueThat<number>({
  code: 'SEED_INVALID',
  expected: 'an integer from 0 to 2^53 - 1',
  holds: (seed) => Number.isSafeInteger(seed) && Number(seed) >= 0,
})
