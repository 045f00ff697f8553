import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { readList } from '../../network/reading/read-list.js'
import { readPositive } from '../../network/reading/read-number.js'
import type { Reader } from '../../network/reading/read-value.js'

/** Spikes per neuron and trial. */
export type RateRange = readonly [low: number, high: number]

export const readRateRange: Reader<RateRange> = (value, field) => {
  const ends = readList(value, field)
  if (ends.length !== 2)
    throw new InputError({ code: 'SHAPE_MISMATCH', field, found: `${ends.length} numbers`, expected: '[low, high]' })
  const [low, high] = [readPositive(ends[0], `${field}[0]`), readPositive(ends[1], `${field}[1]`)]
  if (low <= high) return [low, high]
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field: `${field}[1]`,
    found: describeValue(high),
    expected: `at least ${low}, the lowest rate`,
  })
}
