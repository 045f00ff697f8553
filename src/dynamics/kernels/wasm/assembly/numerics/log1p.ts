import { logSum } from '../../../../../numerics/log-sum.js'
import { binaryExponent } from './binary-exponent'

/**
 * The natural logarithm of one plus a number, without cancellation near 0.
 *
 *     log1p(x) = ln(1 + x) = k ln 2 + ln(1 + f) + c        2^k (1 + f) = fl(1 + x), c the rounding error of that
 *
 * Twin of src/numerics/log1p.ts: the same bits for every double.
 */
export function log1p(x: f64): f64 {
  if (x > -0.2928 && x < 0.4142) {
    // The sum would turn -0 into 0.
    return x === 0 ? x : logSum(0, x, 0)
  }
  if (x > -1 && x <= f64.MAX_VALUE) return far(x)
  if (x === -1) return -Infinity
  return x > 0 ? x : NaN
}

function far(x: f64): f64 {
  const shifted = 1 + x
  const error = x < 1 ? x - (shifted - 1) : 1 - (shifted - x)
  const k = binaryExponent(shifted)
  // Times 2^-k, which is exact; by the bits, since 2^-k is subnormal for the largest numbers.
  const f = reinterpret<f64>(reinterpret<i64>(shifted) - (i64(k) << 52)) - 1
  return logSum(f64(k), f, error / shifted)
}
