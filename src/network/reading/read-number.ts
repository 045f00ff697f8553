import { InputError } from '../../events/errors.js'
import type { Reader } from './read-value.js'
import { wrongType } from './wrong-value.js'

/** What the numbers of one kind must satisfy besides being finite. */
export interface NumberRule {
  /** Code of the error if `holds` is false. Default: OPTION_OUT_OF_RANGE. */
  readonly code?: string
  readonly expected: string
  readonly remedy?: string
  /** Infinity may hold, too; files have it as "Infinity". */
  readonly infinite?: true
  holds(value: number): boolean
}

const OUT_OF_RANGE = 'OPTION_OUT_OF_RANGE'

/** Whether a value is a finite number that keeps the rule; `refuseNumber` is the error if it is not. */
export function keepsRule(value: unknown, rule: NumberRule): value is number {
  if (typeof value !== 'number' || !rule.holds(value)) return false
  return Number.isFinite(value) || (rule.infinite === true && value === Infinity)
}

/** A number as a library call or a file has it: "Infinity" is one where the rule allows it. */
export function numberOf(value: unknown, { infinite }: NumberRule): unknown {
  return infinite === true && value === 'Infinity' ? Infinity : value
}

/** The error for a value that breaks its rule: FIELD_MISSING, FIELD_TYPE, NUMBER_NOT_FINITE or the code of the rule. */
export function refuseNumber(value: unknown, rule: NumberRule, field: string): InputError {
  const { code = OUT_OF_RANGE, expected, remedy } = rule
  if (typeof value !== 'number') return wrongType(value, field, expected)
  return new InputError({
    code: Number.isFinite(value) ? code : 'NUMBER_NOT_FINITE',
    field,
    found: String(value),
    expected,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

/** A number that keeps its rule; -0 becomes 0, which a file could not tell apart. */
export function numberThat(rule: NumberRule): Reader<number> {
  return (given, field) => {
    const value = numberOf(given, rule)
    if (keepsRule(value, rule)) return value + 0
    throw refuseNumber(value, rule, field)
  }
}

/** The number itself: a -0 stays one. */
export function sameNumber(rule: NumberRule): Reader<number> {
  return (value, field) => {
    if (keepsRule(value, rule)) return value
    throw refuseNumber(value, rule, field)
  }
}

/** As `numberThat`, where the rule speaks of numbers that are not finite, too. */
export function anyNumberThat(rule: NumberRule): Reader<number> {
  return (value, field) => {
    if (typeof value === 'number' && rule.holds(value)) return value + 0
    const { code = OUT_OF_RANGE, expected } = rule
    throw typeof value === 'number'
      ? new InputError({ code, field, found: String(value), expected })
      : wrongType(value, field, expected)
  }
}

/** A number, also one that is not finite. */
export const readAnyNumber: Reader<number> = (value, field) => {
  if (typeof value === 'number') return value
  throw wrongType(value, field, 'a number')
}

export const readNumber = numberThat({ expected: 'a finite number', holds: () => true })
export const readPositive = numberThat({ expected: 'a number above 0', holds: (value) => value > 0 })
export const readNonNegative = numberThat({ expected: 'a number from 0', holds: (value) => value >= 0 })
export const readShare = numberThat({ expected: 'a share from 0 to 1', holds: (value) => value >= 0 && value <= 1 })

export function integerFrom(least: number): Reader<number> {
  return numberThat({
    expected: `an integer from ${least}`,
    holds: (value) => Number.isSafeInteger(value) && value >= least,
  })
}

export const readCount = integerFrom(0)

/** An integer in 0 … count - 1; the code is that of a number which is none. */
export function indexBelow(count: number, code: string): Reader<number> {
  const expected = `an integer from 0 to ${count - 1}`
  return anyNumberThat({ code, expected, holds: (value) => Number.isInteger(value) && value >= 0 && value < count })
}
