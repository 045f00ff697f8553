import type { Spread } from '../../dist/learning/spread.js'

const PERCENT = 100

/** To so many digits behind the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** A spread to so many digits. */
export function rounded({ mean, std, values }: Spread, digits: number): Spread {
  return {
    mean: round(mean, digits),
    std: std === null ? null : round(std, digits),
    values: values.map((value) => round(value, digits)),
  }
}

/** A share of 1 in percent, to two digits. */
export function percent(share: number): number {
  return round(PERCENT * share, 2)
}

/** A spread of shares in percent, to two digits. */
export function inPercent({ mean, std, values }: Spread): Spread {
  return { mean: percent(mean), std: std === null ? null : percent(std), values: values.map(percent) }
}
