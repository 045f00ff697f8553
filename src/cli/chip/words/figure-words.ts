import type { FigureSum } from '../../../hardware/report/chip-report.js'

/** Units of energy, each 1000 times the one before. */
const ENERGY_UNITS = ['pJ', 'nJ', 'µJ', 'mJ', 'J', 'kJ', 'MJ']
const TIME_UNITS = ['ns', 'µs', 'ms', 's']

/** An energy, given in pJ, in a readable unit; a sum with unknown parts is a lower bound. */
export function energyOf(sum: FigureSum): string {
  return sumOf(sum, ENERGY_UNITS)
}

/** A duration, given in ns, in the same form. */
export function timeOf(sum: FigureSum): string {
  return sumOf(sum, TIME_UNITS)
}

/** The label of an axis tick at a power of ten of pJ: `10 nJ`. */
export function energyTick(energy: number): string {
  const [figures, unit] = withUnit(energy, ENERGY_UNITS).split(' ')
  return `${Number(figures)} ${unit}`
}

function sumOf({ value, atLeast, atMost }: FigureSum, units: readonly string[]): string {
  if (value === null) return atLeast === 0 ? 'unknown' : `at least ${withUnit(atLeast, units)}`
  if (atLeast === value && atMost === value) return withUnit(value, units)
  if (atLeast === value) return `at least ${withUnit(value, units)}`
  return atMost === value ? `at most ${withUnit(value, units)}` : `about ${withUnit(value, units)}`
}

export function withUnit(value: number, units: readonly string[]): string {
  let at = 0
  let scaled = value
  while (scaled >= 1000 && at < units.length - 1) {
    scaled /= 1000
    at++
  }
  return `${figures(scaled)} ${units[at]}`
}

/** A count with thousands separators. */
export function amountOf(count: number): string {
  return Math.round(count) === count ? count.toLocaleString('en-US') : count.toLocaleString('en-US', ROUNDED)
}

const ROUNDED = { maximumFractionDigits: 1 }

/** Three significant figures. */
function figures(value: number): string {
  return value === 0 ? '0' : value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
