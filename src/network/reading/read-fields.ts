import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { QuantityRule } from '../validation/quantity-rule.js'
import { validateNumber } from '../validation/validate-number.js'
import { describeValue } from './describe-value.js'
import { expectList, expectOnly, expectPlain, expectRecord, expectString, wrongType } from './expect.js'
import { suggestionFor } from './nearest-name.js'

/** Checks a value and gives it its type; raises `InputError` that names the field. */
export type Reader<Value> = (value: unknown, field: string) => Value

/** One reader for every field a record may have. */
export type Readers<Fields> = { readonly [Name in keyof Fields]-?: Reader<NonNullable<Fields[Name]>> }

/**
 * The fields of a record, each through its reader; a field that is undefined is absent.
 *
 * Raises `InputError` FIELD_TYPE, also for what is no plain object, FIELD_UNKNOWN, and what the readers raise.
 */
export function readFields<Fields extends object>(
  value: unknown,
  place: string,
  readers: Readers<Fields>,
): Partial<Fields> {
  const record = expectPlain(value, place)
  expectOnly(record, Object.keys(readers), place)
  const given = Object.entries<Reader<unknown>>(readers).flatMap(([name, read]) => {
    const entry = entryOf(record, name)
    return entry === undefined ? [] : [[name, read(entry, fieldIn(place, name))] as const]
  })
  return Object.fromEntries(given) as Partial<Fields>
}

/** Every field must be there, or FIELD_MISSING is raised. */
export function recordOf<Fields extends object>(readers: Readers<Fields>): Reader<Fields> {
  return (value, field) => {
    const fields = readFields<Fields>(value, field, readers)
    const missing = Object.keys(readers).find((name) => !Object.hasOwn(fields, name))
    if (missing !== undefined) throw wrongType(undefined, fieldIn(field, missing), 'a value')
    return fields as Fields
  }
}

/** Every field must be there, as with `recordOf`; others may be, too, as in settings that say more than what is asked for. */
export function partOf<Fields extends object>(readers: Readers<Fields>): Reader<Fields> {
  return (value, field) => {
    const record = expectRecord(value, field)
    const known = Object.keys(readers).map((name) => [name, entryOf(record, name)] as const)
    return recordOf(readers)(Object.fromEntries(known), field)
  }
}

/** Such as `weights.input`; the top of a file has no name. */
export function fieldIn(place: string, name: string): string {
  return place === '$' ? name : `${place}.${name}`
}

/** Of a field that is checked where it is used. */
export const asGiven: Reader<never> = (value) => value as never

/** A function, whatever it takes. */
export const readFunction: Reader<never> = (value, field) => {
  if (typeof value === 'function') return value as never
  throw wrongType(value, field, 'a function')
}

/** An object whose fields are checked where it is used. */
export const readRecord: Reader<never> = (value, field) => expectRecord(value, field) as never

export const readString: Reader<string> = expectString

/** A number, also one that is not finite. */
export const readAnyNumber: Reader<number> = (value, field) => {
  if (typeof value === 'number') return value
  throw wrongType(value, field, 'a number')
}

/** A list whose entries have a reader of their own. */
export function listOf<Entry>(reader: Reader<Entry>): Reader<readonly Entry[]> {
  return (value, field) => expectList(value, field).map((entry, k) => reader(entry, `${field}[${k}]`))
}

/** A list or a typed array of numbers. */
export const readNumbers: Reader<ArrayLike<number>> = (value, field) => {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) return value as ArrayLike<number>
  throw wrongType(value, field, 'a list of numbers')
}

export function numberThat(expected: string, holds: (value: number) => boolean): Reader<number> {
  const rule: QuantityRule = { code: 'OPTION_OUT_OF_RANGE', expected, holds }
  return (value, field) => validateNumber(value, rule, field)
}

export const readNumber = numberThat('a finite number', () => true)
export const readPositive = numberThat('a number above 0', (value) => value > 0)
export const readNonNegative = numberThat('a number from 0', (value) => value >= 0)
export const readShare = numberThat('a share from 0 to 1', (value) => value >= 0 && value <= 1)

export function integerFrom(least: number): Reader<number> {
  return numberThat(`an integer from ${least}`, (value) => Number.isSafeInteger(value) && value >= least)
}

export const readBoolean: Reader<boolean> = (value, field) => {
  if (typeof value === 'boolean') return value
  throw wrongType(value, field, 'true or false')
}

export function wordOf<Word extends string>(words: readonly Word[]): Reader<Word> {
  return (value, field) => {
    const word = words.find((each) => each === value)
    if (word !== undefined) return word
    throw new InputError({
      code: 'OPTION_OUT_OF_RANGE',
      field,
      found: describeValue(value),
      expected: `one of ${words.map((each) => `"${each}"`).join(', ')}`,
      ...suggestionFor(value, words),
    })
  }
}
