import type { Bounds } from '../../../learning/default-bounds.js'
import type { SpikeBudget } from '../../../learning/spike-budget.js'
import { decimal, nameList, wrongValue } from '../../../network/reading/flag-values.js'

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
