import { InputError } from '../events/errors.js'

/** Raises `InputError` SAMPLE_OUT_OF_RANGE for a sample that a data set of this size does not have. */
export function requireSamplesBelow(size: number, samples: Uint32Array): void {
  const stranger = samples.find((sample) => sample >= size)
  if (stranger === undefined) return
  throw new InputError({
    code: 'SAMPLE_OUT_OF_RANGE',
    field: 'samples',
    found: `sample ${stranger}`,
    expected: `an index below the size of the data set, ${size}`,
  })
}
