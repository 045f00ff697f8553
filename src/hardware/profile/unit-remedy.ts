import { entryOf } from '../../events/by-name.js'

/** Powers of ten of the prefixes of units. */
const PREFIXES: Readonly<Record<string, number>> = {
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  µ: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
}
const BASES = ['J/bit', 'J', 'W', 's', 'bit/s', 'bit', 'packets/s']

/** What to do about a figure in another unit than its field's. */
export function unitRemedy(value: unknown, given: string, unit: string): string {
  const [from, to] = [powerOf(given), powerOf(unit)]
  if (typeof value !== 'number' || from === null || to === null || from.base !== to.base)
    return `Give the figure in ${unit === '1' ? 'no unit, "1"' : unit}.`
  const power = from.power - to.power
  // By the shorter of both factors, which is a whole power of ten.
  const converted = power < 0 ? value / Number(`1e${-power}`) : value * Number(`1e${power}`)
  return `${value} ${given} is ${Number(converted.toPrecision(12))} ${unit}.`
}

function powerOf(unit: string): { readonly base: string; readonly power: number } | null {
  for (const base of BASES) {
    const prefix = unit.slice(0, Math.max(0, unit.length - base.length))
    const power = entryOf(PREFIXES, prefix)
    if (unit.endsWith(base) && power !== undefined) return { base, power }
  }
  return null
}
