import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'
import { wrongType } from '../network/reading/wrong-value.js'

/**
 * Raises `InputError` SAMPLE_OUT_OF_RANGE for what is no sample of a data set of this size, FIELD_MISSING or FIELD_TYPE for
 * what is no list of them.
 */
export function requireSamplesBelow(size: number, samples: Uint32Array): void {
  // A caller without types may pass anything.
  if (!Array.isArray(samples) && !(ArrayBuffer.isView(samples) && 'length' in samples))
    throw wrongType(samples, 'samples', 'a Uint32Array of samples')
  const isSample = (sample: unknown) => Number.isInteger(sample) && (sample as number) >= 0 && (sample as number) < size
  for (let k = 0; k < samples.length; k++)
    if (!isSample(samples[k]))
      throw new InputError({
        code: 'SAMPLE_OUT_OF_RANGE',
        field: 'samples',
        found: `sample ${describeValue(samples[k])}`,
        expected: `an index below the size of the data set, ${size}`,
      })
}
