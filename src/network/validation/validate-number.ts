import { InputError } from '../../events/errors.js'
import { expectList, wrongShape, wrongType } from '../reading/expect.js'
import type { QuantityRule } from './quantity-rule.js'

/** Whether a value is a finite number that keeps the rule; `refuseNumber` is the error if it is not. */
export function keepsRule(value: unknown, rule: QuantityRule): value is number {
  return typeof value === 'number' && Number.isFinite(value) && rule.holds(value)
}

/** The error for a value that breaks its rule: `FIELD_TYPE`, `NUMBER_NOT_FINITE` or the code of the rule. */
export function refuseNumber(value: unknown, rule: QuantityRule, field: string): InputError {
  if (typeof value !== 'number') return wrongType(value, field, rule.expected)
  const code = Number.isFinite(value) ? rule.code : 'NUMBER_NOT_FINITE'
  const remedy = rule.remedy === undefined ? {} : { remedy: rule.remedy }
  return new InputError({ code, field, found: String(value), expected: rule.expected, ...remedy })
}

/** A number that keeps its rule; -0 becomes 0, which a file could not tell apart. */
export function validateNumber(value: unknown, rule: QuantityRule, field: string): number {
  if (keepsRule(value, rule)) return value + 0
  throw refuseNumber(value, rule, field)
}

/** A list of `count` numbers that keep their rule; raises `SHAPE_MISMATCH` for another length. */
export function validateNumbers(value: unknown, count: number, rule: QuantityRule, field: string): number[] {
  const list = expectList(value, field)
  if (list.length !== count) throw wrongShape(field, `${list.length} values`, `${count}`)
  return Array.from(list, (entry, index) => {
    if (keepsRule(entry, rule)) return entry + 0
    throw refuseNumber(entry, rule, `${field}[${index}]`)
  })
}
