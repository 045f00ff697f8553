import { InputError } from '../../events/errors.js'
import { describeValue, eitherOf } from './describe-value.js'
import { suggestionFor } from './nearest-name.js'
import { inheritsFields, isPlain } from './plain-object.js'
import { wrongType } from './wrong-value.js'

/** Checks a value and gives it its type; raises `InputError` that names the field, what was found and what is expected. */
export type Reader<Value> = (value: unknown, field: string) => Value

/** An object that may be read by name. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * A reader that looks at a value from outside alone, for its inside is checked where it is used: among the readers of a
 * record, its field has the type that the record says.
 */
export type OutsideReader<Read> = Read & Reader<never>

/** Of a field that is checked where it is used. */
export const asGiven: Reader<never> = (value) => value as never

export const readString: Reader<string> = (value, field) => {
  if (typeof value === 'string') return value
  throw wrongType(value, field, 'a string')
}

export const readBoolean: Reader<boolean> = (value, field) => {
  if (typeof value === 'boolean') return value
  throw wrongType(value, field, 'true or false')
}

/** A function, whatever it takes. */
export const readFunction: OutsideReader<<Given>(value: Given, field: string) => Given> = (
  value: unknown,
  field: string,
) => {
  if (typeof value === 'function') return value as never
  throw wrongType(value, field, 'a function')
}

/** An object, whatever of it is inherited. */
export const readObject: Reader<Fields> = (value, field) => {
  if (isObject(value)) return value
  throw wrongType(value, field, 'an object')
}

/** An object all of whose fields are its own. */
export const readRecord: OutsideReader<Reader<Fields>> = (value, field) => {
  const record = readObject(value, field)
  if (isPlain(record) || !inheritsFields(record)) return record as never
  throw wrongType(value, field, PLAIN)
}

export const readPlain: Reader<Fields> = (value, field) => {
  const record = readObject(value, field)
  if (isPlain(record)) return record
  throw wrongType(value, field, PLAIN)
}

const PLAIN = 'a plain object, as { … } makes it'

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object with certain methods, which may be inherited. */
export function objectWith<Value extends object>(
  methods: readonly (keyof Value & string)[],
  expected: string,
): Reader<Value> {
  return (value, field) => {
    const record = readObject(value, field)
    if (methods.every((name) => typeof Reflect.get(record, name) === 'function')) return value as Value
    throw wrongType(value, field, expected)
  }
}

export const readSignal = objectWith<AbortSignal>(['throwIfAborted', 'addEventListener'], 'an AbortSignal')

/** Such as a typed array. */
export function instanceOf<Class extends { readonly name: string; new (length: number): object }>(
  type: Class,
): Reader<InstanceType<Class>> {
  return (value, field) => {
    if (value instanceof type) return value as InstanceType<Class>
    throw wrongType(value, field, `a ${type.name}`)
  }
}

/** One of these words; raises FIELD_MISSING for none at all, and the code for anything else. */
export function wordOf<Word extends string>(words: readonly Word[], code = 'OPTION_OUT_OF_RANGE'): Reader<Word> {
  const expected = eitherOf(words)
  return (value, field) => {
    const word = words.find((each) => each === value)
    if (word !== undefined) return word
    if (value === undefined) throw wrongType(value, field, expected)
    throw new InputError({ code, field, found: describeValue(value), expected, ...suggestionFor(value, words) })
  }
}

/** What a value must be, where one code stands for anything else and for none at all. */
export interface ValueRule {
  readonly code: string
  readonly expected: string
  readonly remedy?: string
  holds(value: unknown): boolean
}

export function valueThat<Value>({ holds, ...rule }: ValueRule): Reader<Value> {
  return (value, field) => {
    if (holds(value)) return value as Value
    throw new InputError({ ...rule, field, found: describeValue(value) })
  }
}

/** The value itself, or null. */
export function nullOr<Value>(read: Reader<Value>): Reader<Value | null> {
  return (value, field) => (value === null ? null : read(value, field))
}

/** The very value that is expected, such as the name of a format. */
export function constantOf<Value extends string | number>(expected: Value, code: string): Reader<Value> {
  return valueThat({ code, expected: JSON.stringify(expected), holds: (value) => value === expected })
}
