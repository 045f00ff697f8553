import { pairRows } from '../connectivity/pair-rows.js'
import type { Delays, Quantity } from '../description/network.js'

/** The field of a projection's delays, none where it has none. */
export function formatDelays(delays: Delays, sources: number): string[] {
  switch (delays.kind) {
    case 'none':
      return []
    case 'scalar':
      return [`"delays": ${JSON.stringify(delays.value)}`]
    case 'perSource': {
      const { values } = delays
      // A bare distribution in a file is drawn once per synapse.
      return [`"delays": ${JSON.stringify(isList(values) ? values : { ...Object(values), per: 'source' })}`]
    }
    case 'perSynapse':
      return [`"delays": ${formatPairs(delays.values, sources, [])}`]
  }
}

/** A quantity over all pairs: a list becomes rows [target][source] with null where there is no synapse. */
export function formatPairs(values: Quantity, sources: number, absent: readonly number[]): string {
  if (!isList(values)) return JSON.stringify(values)
  const rows = pairRows(values, sources, absent)
  return formatLines(
    rows.map((row) => JSON.stringify(row)),
    '      ',
  )
}

export function isList(quantity: Quantity): quantity is readonly number[] {
  return Array.isArray(quantity)
}

/** A list with a line for each item. */
export function formatLines(items: readonly string[], indent: string): string {
  return items.length === 0 ? '[]' : `[\n${indent}  ${items.join(`,\n${indent}  `)}\n${indent}]`
}
