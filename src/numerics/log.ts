import { binaryExponent } from './binary-exponent.js'
import { logSum } from './log-sum.js'
import { POWER_ZERO, POWERS_OF_TWO } from './powers-of-two.js'

const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984

/**
 * The natural logarithm.
 *
 *     log(x) = ln x = k ln 2 + ln(1 + f)        x = 2^k (1 + f)
 *
 * Within 0.7 ulp for every double; NaN below 0, -Infinity at 0 and -0. The same bits on every machine.
 */
export function log(x: number): number {
  if (x >= SMALLEST_NORMAL && x <= Number.MAX_VALUE) return normal(x, 0)
  if (x > 0 && x < SMALLEST_NORMAL) return normal(x * TWO_TO_54, -54)
  if (x === 0) return Number.NEGATIVE_INFINITY
  return x > 0 ? x : Number.NaN
}

/** ln(x 2^shift) */
function normal(x: number, shift: number): number {
  const k = binaryExponent(x)
  const f = x * (POWERS_OF_TWO[POWER_ZERO - k] as number) - 1
  return logSum(k + shift, f, 0)
}
