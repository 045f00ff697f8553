import { InputError } from '../../events/errors.js'
import { describeValue } from './describe-value.js'
import { suggestionFor } from './nearest-name.js'
import { inheritsFields, isPlain } from './plain-object.js'

/** An object, whatever of it is inherited; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectObject(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value
  throw wrongType(value, field, 'an object')
}

/** An object all of whose fields are its own, which may be read by name; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectRecord(value: unknown, field: string): Readonly<Record<string, unknown>> {
  const record = expectObject(value, field)
  if (isPlain(record) || !inheritsFields(record)) return record
  throw wrongType(value, field, PLAIN)
}

/** A plain object; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectPlain(value: unknown, field: string): Readonly<Record<string, unknown>> {
  const record = expectObject(value, field)
  if (isPlain(record)) return record
  throw wrongType(value, field, PLAIN)
}

const PLAIN = 'a plain object, as { … } makes it'

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectList(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  const error = wrongType(value, field, 'a list')
  throw ArrayBuffer.isView(value) ? new InputError({ ...error.mistake, remedy: 'Array.from makes one of it.' }) : error
}

/** A string; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectString(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw wrongType(value, field, 'a string')
}

/** Refuses every field that is not named, with `FIELD_UNKNOWN`: a misspelt option must not pass in silence. */
export function expectOnly(record: Readonly<Record<string, unknown>>, known: readonly string[], place: string): void {
  const stranger = Object.keys(record).find((key) => !known.includes(key))
  if (stranger === undefined) return
  throw new InputError({
    code: 'FIELD_UNKNOWN',
    field: place === '$' ? stranger : `${place}.${stranger}`,
    found: 'an unknown field',
    expected: known.length === 0 ? 'none at all' : `only ${known.join(', ')}`,
    ...suggestionFor(stranger, known),
  })
}

/** An integer in 0 … count - 1; raises `FIELD_MISSING`, `FIELD_TYPE` or the given code. */
export function expectIndex(value: unknown, count: number, field: string, code: string): number {
  if (typeof value !== 'number') throw wrongType(value, field, 'an integer')
  if (Number.isInteger(value) && value >= 0 && value < count) return value + 0
  throw new InputError({ code, field, found: String(value), expected: `an integer from 0 to ${count - 1}` })
}

/** The error for a value of the wrong kind, or for none at all. */
export function wrongType(value: unknown, field: string, expected: string): InputError {
  const code = value === undefined ? 'FIELD_MISSING' : 'FIELD_TYPE'
  return new InputError({ code, field, found: describeValue(value), expected })
}

/** The error for a list of the wrong length, or a matrix of the wrong shape. */
export function wrongShape(field: string, found: string, expected: string): InputError {
  return new InputError({ code: 'SHAPE_MISMATCH', field, found, expected })
}
