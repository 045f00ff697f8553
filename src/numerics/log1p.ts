import { binaryExponent } from './binary-exponent.js'
import { logSum } from './log-sum.js'
import { POWER_ZERO, POWERS_OF_TWO } from './powers-of-two.js'

/**
 * The natural logarithm of one plus a number, without cancellation near 0.
 *
 *     log1p(x) = ln(1 + x) = k ln 2 + ln(1 + f) + c        2^k (1 + f) = fl(1 + x), c the rounding error of that
 *
 * Within 0.7 ulp for every double; NaN below -1, -Infinity at -1, log1p(-0) is -0. The same bits on every machine.
 */
export function log1p(x: number): number {
  if (x > -0.2928 && x < 0.4142) {
    // The sum would turn -0 into 0.
    return x === 0 ? x : logSum(0, x, 0)
  }
  if (x > -1 && x <= Number.MAX_VALUE) return far(x)
  if (x === -1) return Number.NEGATIVE_INFINITY
  return x > 0 ? x : Number.NaN
}

function far(x: number): number {
  const shifted = 1 + x
  const error = x < 1 ? x - (shifted - 1) : 1 - (shifted - x)
  const k = binaryExponent(shifted)
  const f = shifted * (POWERS_OF_TWO[POWER_ZERO - k] as number) - 1
  return logSum(k, f, error / shifted)
}
