import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { suggestionFor } from './nearest-name.js'
import { asGiven, type Fields, type Reader, readPlain, readRecord } from './read-value.js'
import { wrongType } from './wrong-value.js'

/** One reader for every field a record may have. */
export type Readers<Value> = { readonly [Name in keyof Value]-?: Reader<NonNullable<Value[Name]>> }

/**
 * The fields of a record, each through its reader; a field that is undefined is absent.
 *
 * Raises `InputError` FIELD_TYPE, also for what is no plain object, FIELD_UNKNOWN, and what the readers raise.
 */
export function readFields<Value extends object>(
  value: unknown,
  place: string,
  readers: Readers<Value>,
): Partial<Value> {
  const record = readPlain(value, place)
  refuseUnknown(record, Object.keys(readers), place)
  const given = Object.entries<Reader<unknown>>(readers).flatMap(([name, read]) => {
    const entry = entryOf(record, name)
    return entry === undefined ? [] : [[name, read(entry, fieldIn(place, name))] as const]
  })
  return Object.fromEntries(given) as Partial<Value>
}

/**
 * The options of a call, each through its reader. The readers stand beside the type of the options, which says what there
 * must be one for.
 *
 * Raises `InputError` as `readFields` does; FIELD_UNKNOWN comes with the name that was meant.
 *
 * @param place what stands before the names of options in errors; '$': nothing
 */
export function readOptions<Options extends object>(
  given: unknown,
  readers: Readers<Options>,
  place = 'options',
): Partial<Options> {
  return readFields<Options>(given, place, readers)
}

/** The same, of options some of which must be there; raises FIELD_MISSING, too. */
export function readRequired<Options extends object, Name extends keyof Options & string>(
  given: unknown,
  readers: Readers<Options>,
  required: readonly Name[],
  place = 'options',
): Partial<Options> & Pick<Options, Name> {
  return requireFields(readFields<Options>(given, place, readers), readers, required, place)
}

/** Every field must be there, or FIELD_MISSING is raised. */
export function recordOf<Value extends object>(readers: Readers<Value>): Reader<Value> {
  const names = Object.keys(readers) as (keyof Value & string)[]
  return (value, field) => requireFields(readFields<Value>(value, field, readers), readers, names, field) as Value
}

/** Every field must be there, as with `recordOf`; others may be, too, as in settings that say more than what is asked for. */
export function partOf<Value extends object>(readers: Readers<Value>): Reader<Value> {
  return (value, field) => {
    const record = readRecord(value, field)
    const known = Object.keys(readers).map((name) => [name, entryOf(record, name)] as const)
    return recordOf(readers)(Object.fromEntries(known), field)
  }
}

/** Raises FIELD_MISSING for the first of these that is not there, in the words of its reader. */
export function requireFields<Value extends object, Name extends keyof Value & string>(
  fields: Partial<Value>,
  readers: Readers<Value>,
  required: readonly Name[],
  place: string,
): Partial<Value> & Pick<Value, Name> {
  const missing = required.find((name) => !Object.hasOwn(fields, name))
  if (missing !== undefined)
    throw notThere(entryOf<Reader<unknown>>(readers, missing) ?? asGiven, fieldIn(place, missing))
  return fields as Partial<Value> & Pick<Value, Name>
}

function notThere(read: Reader<unknown>, field: string): InputError {
  try {
    read(undefined, field)
  } catch (error) {
    if (error instanceof InputError && error.mistake.code === 'FIELD_MISSING' && error.mistake.field === field)
      return error
  }
  return wrongType(undefined, field, 'a value')
}

/** A value for every given name, each through the same reader. */
export function mapOf<Value>(reader: Reader<Value>): Reader<Readonly<Record<string, Value>>> {
  return (value, field) =>
    Object.fromEntries(
      Object.entries(readRecord(value, field)).map(([name, entry]) => [name, reader(entry, fieldIn(field, name))]),
    )
}

/** Such as `weights.input`; the top of a file has no name. */
export function fieldIn(place: string, name: string): string {
  return place === '$' ? name : `${place}.${name}`
}

/** Refuses every field that is not named, with FIELD_UNKNOWN: a misspelt option must not pass in silence. */
export function refuseUnknown(record: Fields, known: readonly string[], place: string): void {
  const stranger = Object.keys(record).find((key) => !known.includes(key))
  if (stranger === undefined) return
  throw new InputError({
    code: 'FIELD_UNKNOWN',
    field: fieldIn(place, stranger),
    found: 'an unknown field',
    expected: known.length === 0 ? 'none at all' : `only ${known.join(', ')}`,
    ...suggestionFor(stranger, known),
  })
}
