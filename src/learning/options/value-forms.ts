import type { Network } from '../../network/description/network.js'
import {
  decimal,
  type FlagParser,
  nameList,
  nonNegativeNumber,
  positiveNumber,
  wholeNumber,
  wrongValue,
} from '../../network/reading/flag-values.js'
import { fieldIn, mapOf } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { integerFrom, readNonNegative, readNumber, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readBoolean, readRecord } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { type Bounds, PARAMETER_KINDS, requireKind } from '../parameter-kinds.js'
import type { ParameterKind } from '../session.js'
import { readBudget, readBudgets, type SpikeBudget } from '../spike-budget.js'
import { requireGroupStrengths, requireNumber, requireStrength } from '../step-rules.js'

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

/** @typeParam Values a value per name */
interface Keyed<Values> {
  /** Of one entry, as the error says it. */
  readonly expected: string
  /** The names there are; any that is not empty where it is left out. */
  readonly keys?: readonly string[]
  /** Null where they make no sense. */
  read(parts: readonly string[]): NonNullable<Values[keyof Values]> | null
}

/** A parser such as `weights:1e-4,delays:1e-3`: what stands behind each name, each at most once. */
function keyed<Values>(flag: string, { expected, keys, read }: Keyed<Values>): (text: string) => Values {
  const list = nameList(flag)
  const known = keys === undefined ? '' : `, of ${keys.join(', ')}`
  return (text) => {
    const values = new Map<string, Values[keyof Values]>()
    for (const entry of list(text)) {
      const [name = '', ...parts] = entry.split(':').map((part) => part.trim())
      const value = read(parts)
      const isKnown = keys === undefined ? name !== '' : keys.includes(name)
      if (!isKnown || value === null || values.has(name))
        throw wrongValue(flag, text, `${expected} with commas between them${known}, each once`)
      values.set(name, value)
    }
    return Object.fromEntries(values) as Values
  }
}

/** A parser of a number per name, such as a group where no names are given, above 0 or, if it may vanish, from 0. */
export function numberPerName<Key extends string>(
  flag: string,
  keys: readonly Key[] | undefined,
  least: 'above 0' | 'from 0',
): (text: string) => Readonly<Partial<Record<Key, number>>> {
  return keyed(flag, {
    ...(keys === undefined ? {} : { keys }),
    expected: `name:number, finite and ${least},`,
    read: ([number = '', ...rest]) => {
      const value = decimal(number)
      const fits = Number.isFinite(value) && (least === 'above 0' ? value > 0 : value >= 0)
      return fits && rest.length === 0 ? value : null
    },
  })
}

/** A parser of a range per name, such as `delays:0:20` or `thresholds:0.5:`; an end that is left out is open. */
export function rangePerName<Key extends string>(
  flag: string,
  keys: readonly Key[],
): (text: string) => Readonly<Partial<Record<Key, Bounds>>> {
  return keyed(flag, {
    keys,
    expected: 'name:least:most, where either may be left out,',
    read: ([low, high, ...rest]) => {
      if (low === undefined || high === undefined || rest.length > 0) return null
      const min = low === '' ? Number.NEGATIVE_INFINITY : decimal(low)
      const max = high === '' ? Number.POSITIVE_INFINITY : decimal(high)
      return min <= max ? [min, max] : null
    },
  })
}

/** Budgets of groups, such as `hidden:1.5` or `hidden:1.5:6`. */
export function budgetPerGroup(flag: string): (text: string) => Readonly<Record<string, SpikeBudget>> {
  return keyed(flag, {
    expected: 'group:target or group:target:high, spikes above 0,',
    read: ([first = '', second, ...rest]) => {
      const [target, high] = [decimal(first), second === undefined ? undefined : decimal(second)]
      const fits = isPositive(target) && (high === undefined || high === 0 || isPositive(high)) && rest.length === 0
      return fits ? { target, ...(high === undefined ? {} : { high }) } : null
    },
  })
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0
}
