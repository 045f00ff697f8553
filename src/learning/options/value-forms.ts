import type { Network } from '../../network/description/network.js'
import { type FlagParser, nonNegativeNumber, positiveNumber, wholeNumber } from '../../network/reading/flag-values.js'
import { fieldIn, mapOf } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { integerFrom, readNonNegative, readNumber, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readBoolean, readRecord } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { type Bounds, PARAMETER_KINDS, requireKind } from '../parameter-kinds.js'
import type { ParameterKind } from '../session.js'
import { readBudget, readBudgets, type SpikeBudget } from '../spike-budget.js'
import { requireGroupStrengths, requireNumber, requireStrength } from '../step-rules.js'
import { budgetPerGroup, numberPerName, rangePerName } from './keyed-values.js'

/** How values of one form are stated in a file, and on a command line. */
export interface ValueForm<Value> {
  readonly read: Reader<Value>
  readonly parse: FlagParser<Value>
}

/** The same of values that are checked by themselves in a call; raises `InputError` TRAIN_OPTION, TRAIN_GROUP, FIELD_*. */
export interface CheckedForm<Value, Plain = Value> extends ValueForm<Value> {
  readonly check: (value: Value, field: string, network: Network) => Plain
}

export function wholeFrom(least: number): CheckedForm<number> {
  const expected = `an integer from ${least}`
  return {
    read: integerFrom(least),
    check: (value, field) => requireNumber(field, value, Number.isSafeInteger(value) && value >= least, expected),
    parse: (flag) => wholeNumber(flag, least),
  }
}

/** A number above 0; Infinity is one in a call. */
export const POSITIVE: CheckedForm<number> = {
  read: readPositive,
  check: (value, field) => requireNumber(field, value, typeof value === 'number' && value > 0, 'a number above 0'),
  parse: positiveNumber,
}

export const STRENGTH: CheckedForm<number> = {
  read: readNonNegative,
  check: (value, field) => requireStrength(field, value),
  parse: nonNegativeNumber,
}

/** A flag that is there, or is not. */
export const SWITCH = { read: readBoolean, check: readBoolean }

export const STRENGTH_PER_GROUP: CheckedForm<Readonly<Record<string, number>>> = {
  read: mapOf(readNonNegative),
  check: (value, field, network) => requireGroupStrengths(network, field, value),
  parse: (flag) =>
    numberPerName<string>(flag, undefined, 'from 0') as (text: string) => Readonly<Record<string, number>>,
}

export const BUDGET_PER_GROUP: CheckedForm<Readonly<Record<string, SpikeBudget>>, ReturnType<typeof readBudgets>> = {
  read: mapOf(readBudget),
  check: (value, field, network) => readBudgets(network, value, field),
  parse: budgetPerGroup,
}

type PerKind<Value, Kind extends ParameterKind = ParameterKind> = Readonly<Partial<Record<Kind, Value>>>

/** A value per kind of parameter, learned or not. */
function perKind<Value>(reader: Reader<Value>): Reader<PerKind<Value>> {
  return (value, field) => {
    for (const name of Object.keys(readRecord(value, field))) requireKind(name, fieldIn(field, name))
    return mapOf(reader)(value, field)
  }
}

export const POSITIVE_PER_KIND: ValueForm<PerKind<number>> = {
  read: perKind(readPositive),
  parse: (flag) => numberPerName(flag, PARAMETER_KINDS, 'above 0'),
}

/** A strength per kind, of these alone on a command line. */
export function strengthPerKind<Kind extends ParameterKind>(kinds: readonly Kind[]): ValueForm<PerKind<number, Kind>> {
  return { read: perKind(readNonNegative), parse: (flag) => numberPerName(flag, kinds, 'from 0') }
}

export const BOUNDS_PER_KIND: ValueForm<PerKind<Bounds>> = {
  read: perKind(readBounds),
  parse: (flag) => rangePerName(flag, PARAMETER_KINDS),
}

/** JSON knows no infinity: null stands for none. */
function readBounds(value: unknown, field: string): Bounds {
  const list = readList(value, field)
  if (list.length !== 2) throw wrongShape(field, `${list.length} values`, 'two, [min, max]')
  const [min, max] = list
  return [
    min === null ? Number.NEGATIVE_INFINITY : readNumber(min, `${field}[0]`),
    max === null ? Number.POSITIVE_INFINITY : readNumber(max, `${field}[1]`),
  ]
}
