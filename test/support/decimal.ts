import { Decimal } from 'decimal.js'

/**
 * Decimal numbers of 70 digits: 50 that count, and 20 to lose where two nearly equal numbers are subtracted.
 *
 * The closest two time constants can be without being equal is 1e-16 relative, which costs 16 digits.
 */
export const Real = Decimal.clone({ precision: 70 })
export type Real = Decimal

export const ZERO: Real = new Real(0)

/** The double as it is: 0.1 is 0.1000000000000000055511151231257827…, to 70 digits. Decimals are left alone. */
export function exact(x: number | Real): Real {
  if (typeof x !== 'number') return x
  return new Real(Number.isFinite(x) ? x.toPrecision(70) : x)
}
