import { InputError } from '../../events/errors.js'

/** Raises `InputError` OPTIMIZER_OPTION unless the value is a finite number above 0. */
export function requirePositive(field: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return
  throw new InputError({ code: 'OPTIMIZER_OPTION', field, found: String(value), expected: 'a finite number above 0' })
}

/** Raises `InputError` OPTIMIZER_OPTION unless the value lies in [0, 1). */
export function requireFraction(field: string, value: number): void {
  if (Number.isFinite(value) && value >= 0 && value < 1) return
  throw new InputError({ code: 'OPTIMIZER_OPTION', field, found: String(value), expected: 'a number in [0, 1)' })
}
