import { InputError } from '../../events/errors.js'
import { keepsRule, type NumberRule, numberOf, refuseNumber } from './read-number.js'
import { type Fields, type Reader, readRecord } from './read-value.js'
import { wrongShape, wrongType } from './wrong-value.js'

export const readList: Reader<readonly unknown[]> = (value, field) => {
  if (Array.isArray(value)) return value
  const error = wrongType(value, field, 'a list')
  throw ArrayBuffer.isView(value) ? new InputError({ ...error.mistake, remedy: 'Array.from makes one of it.' }) : error
}

/** A list whose entries have a reader of their own. */
export function listOf<Entry>(reader: Reader<Entry>): Reader<readonly Entry[]> {
  // Array.from asks about holes, too.
  return (value, field) => Array.from(readList(value, field), (entry, k) => reader(entry, `${field}[${k}]`))
}

/** A list of as many entries as there are readers, each with its own. */
export function tupleOf<Entry>(readers: readonly Reader<Entry>[]): Reader<readonly Entry[]> {
  return (value, field) => {
    const list = readList(value, field)
    if (list.length !== readers.length) throw wrongShape(field, `${list.length} values`, `${readers.length}`)
    return readers.map((read, k) => read(list[k], `${field}[${k}]`))
  }
}

/**
 * A list with one entry for each of some things, in any order; raises SHAPE_MISMATCH for another number of entries, and for
 * one of something else, or of the same once more.
 *
 * @param readers by what says which thing an entry is of, as `keyOf` finds it
 */
export function oneOfEach<Entry>(
  readers: ReadonlyMap<string, Reader<Entry>>,
  keyOf: (entry: Fields, field: string) => string,
): Reader<readonly Entry[]> {
  return (value, field) => {
    const list = readList(value, field)
    if (list.length !== readers.size) throw wrongShape(field, `${list.length} values`, `${readers.size}`)
    const left = new Map(readers)
    return Array.from(list, (given, k) => {
      const place = `${field}[${k}]`
      const entry = readRecord(given, place)
      const key = keyOf(entry, place)
      const read = left.get(key)
      if (read === undefined) throw wrongShape(place, `one of ${key}`, `one of ${[...left.keys()].join(', ')}`)
      left.delete(key)
      return read(entry, place)
    })
  }
}

/** A list of numbers that keep their rule; raises SHAPE_MISMATCH unless it has the length, if one is given. */
export function numbersThat(rule: NumberRule, length?: number): Reader<number[]> {
  return (value, field) => {
    const list = readList(value, field)
    if (length !== undefined && list.length !== length) throw wrongShape(field, `${list.length} values`, `${length}`)
    return Array.from(list, (given, index) => {
      const entry = numberOf(given, rule)
      if (keepsRule(entry, rule)) return entry + 0
      throw refuseNumber(entry, rule, `${field}[${index}]`)
    })
  }
}

/** A list or a typed array of numbers. */
export const readNumbers: Reader<ArrayLike<number>> = (value, field) => {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) return value as ArrayLike<number>
  throw wrongType(value, field, 'a list of numbers')
}
