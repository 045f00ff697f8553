import { InputError } from '../../events/errors.js'
import { describeValue } from '../reading/describe-value.js'

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/

/** A name for a group or a projection; raises `NAME_INVALID`. */
export function validateName(name: unknown, field: string): string {
  if (typeof name === 'string' && NAME.test(name)) return name
  throw new InputError({
    code: 'NAME_INVALID',
    field,
    found: describeValue(name),
    expected: 'a letter, then letters, digits, "_", "." or "-"',
  })
}
