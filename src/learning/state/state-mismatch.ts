import { InputError } from '../../events/errors.js'

/** The error for a state, or for parameters, that cannot be those of this network. */
export function stateMismatch(field: string, found: string, expected: string): InputError {
  return new InputError({
    code: 'STATE_MISMATCH',
    field,
    found,
    expected,
    remedy: 'Restore a state into the network it was saved from.',
  })
}

/** Raises `InputError` STATE_MISMATCH for an array of another length. */
export function requireLength(values: Float64Array, length: number, what: string): void {
  if (values.length !== length) throw stateMismatch(what, `${values.length} values`, `${length} values`)
}
