import { InputError } from '../../../events/errors.js'

/** Default number of samples of a task. */
const SAMPLES = 32

/**
 * How many samples of the test split run on chips.
 *
 * Raises `InputError` OPTION_OUT_OF_RANGE, naming `--samples`, where there are not as many.
 */
export function samplesOf(asked: number | undefined, size: number): number {
  if (asked === undefined) return Math.min(SAMPLES, size)
  if (asked <= size) return asked
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field: '--samples',
    found: String(asked),
    expected: `at most ${size}, the samples of the test split`,
  })
}
