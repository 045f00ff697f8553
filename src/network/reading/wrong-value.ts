import { InputError } from '../../events/errors.js'
import { describeValue } from './describe-value.js'

/** The error for a value of the wrong kind, or for none at all. */
export function wrongType(value: unknown, field: string, expected: string): InputError {
  const code = value === undefined ? 'FIELD_MISSING' : 'FIELD_TYPE'
  return new InputError({ code, field, found: describeValue(value), expected })
}

/** The error for a list of the wrong length, or a matrix of the wrong shape. */
export function wrongShape(field: string, found: string, expected: string): InputError {
  return new InputError({ code: 'SHAPE_MISMATCH', field, found, expected })
}
