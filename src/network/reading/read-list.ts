import { InputError } from '../../events/errors.js'
import { keepsRule, type NumberRule, refuseNumber } from './read-number.js'
import type { Reader } from './read-value.js'
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

/** A list of numbers that keep their rule; raises SHAPE_MISMATCH unless it has the length, if one is given. */
export function numbersThat(rule: NumberRule, length?: number): Reader<number[]> {
  return (value, field) => {
    const list = readList(value, field)
    if (length !== undefined && list.length !== length) throw wrongShape(field, `${list.length} values`, `${length}`)
    return Array.from(list, (entry, index) => {
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
