import { InputError } from '../events/errors.js'
import { isPromised } from '../events/is-promised.js'
import type { Dataset, TrainingDraw } from './task.js'

/** What `encode` of a data set owes. */
export const ENCODED = 'the input spikes of every sample of the split'

/**
 * The input spikes of the given samples, one trial each, as the data set gives them: at once.
 *
 * Raises `InputError` SAMPLE_NOT_ENCODED for a promise, and whatever `encode` raises.
 */
export function encodeSamples(
  dataset: Pick<Dataset, 'encode'>,
  samples: Uint32Array,
  draw?: TrainingDraw,
): ReturnType<Dataset['encode']> {
  const inputs = draw === undefined ? dataset.encode(samples) : dataset.encode(samples, draw)
  if (!isPromised(inputs)) return inputs
  throw new InputError({
    code: 'SAMPLE_NOT_ENCODED',
    field: 'encode',
    found: 'a promise',
    expected: `${ENCODED}, at once`,
    remedy: 'Load what it needs before the data set is made.',
  })
}
