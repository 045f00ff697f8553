import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'

/** Raises `InputError` OPTIMIZER_OPTION unless the value is a finite number above 0. */
export function requirePositive(field: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return
  throw new InputError({
    code: 'OPTIMIZER_OPTION',
    field,
    found: describeValue(value),
    expected: 'a finite number above 0',
  })
}

/** Raises `InputError` OPTIMIZER_OPTION unless the value lies in [0, 1). */
export function requireFraction(field: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 1) return
  throw new InputError({ code: 'OPTIMIZER_OPTION', field, found: describeValue(value), expected: 'a number in [0, 1)' })
}
