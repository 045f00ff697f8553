import type { Bounds } from '../../../learning/default-bounds.js'
import type { SpikeBudget } from '../../../learning/spike-budget.js'
import { decimal, nameList, wrongValue } from '../../flag-values.js'

/** A parser such as `weights:1e-4,delays:1e-3`: what stands behind each name, each at most once. */
function keyed<Key extends string, Value>(
  flag: string,
  keys: readonly Key[],
  { expected, read }: { readonly expected: string; read(parts: readonly string[]): Value | null },
): (text: string) => Readonly<Partial<Record<Key, Value>>> {
  const list = nameList(flag)
  return (text) => {
    const values = new Map<Key, Value>()
    for (const entry of list(text)) {
      const [name = '', ...parts] = entry.split(':')
      const key = keys.find((each) => each === name.trim())
      const value = read(parts)
      const isWrong = key === undefined || value === null || values.has(key)
      if (isWrong)
        throw wrongValue(flag, text, `${expected} with commas between them, of ${keys.join(', ')}, each once`)
      values.set(key, value)
    }
    return Object.fromEntries(values) as Partial<Record<Key, Value>>
  }
}

/** A parser of a number per name, above 0 or, if it may vanish, from 0. */
export function numberPerName<Key extends string>(
  flag: string,
  keys: readonly Key[],
  least: 'above 0' | 'from 0',
): (text: string) => Readonly<Partial<Record<Key, number>>> {
  return keyed(flag, keys, {
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
  return keyed(flag, keys, {
    expected: 'name:least:most, where either may be left out,',
    read: ([low, high, ...rest]) => {
      if (low === undefined || high === undefined || rest.length > 0) return null
      const min = low === '' ? Number.NEGATIVE_INFINITY : decimal(low)
      const max = high === '' ? Number.POSITIVE_INFINITY : decimal(high)
      return min <= max ? [min, max] : null
    },
  })
}

/** What is said of groups by name, each at most once, such as `hidden:1.5` or `hidden:1.5:6`. */
export function budgetPerGroup(flag: string): (text: string) => Readonly<Record<string, SpikeBudget>> {
  const list = nameList(flag)
  return (text) => {
    const entries = list(text).map((entry) => {
      const [group = '', ...numbers] = entry.split(':').map((part) => part.trim())
      const [target = Number.NaN, high] = numbers.map(decimal)
      const fits = Number.isFinite(target) && target > 0 && (high === undefined || (Number.isFinite(high) && high >= 0))
      if (group === '' || numbers.length > 2 || !fits)
        throw wrongValue(flag, text, 'group:target or group:target:high, spikes above 0, with commas between them')
      return [group, { target, ...(high === undefined ? {} : { high }) }] as const
    })
    if (new Set(entries.map(([group]) => group)).size === entries.length) return Object.fromEntries(entries)
    throw wrongValue(flag, text, 'each group once')
  }
}
