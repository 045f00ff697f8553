import { expTail } from '../../../../../numerics/exp-tail.js'
import { LN2_HIGH, LN2_LOW } from '../../../../../numerics/ln2.js'
import { roundToExponent } from '../../../../../numerics/round-to-exponent.js'
import { exp } from './exp'
import { powerOfTwo } from './power-of-two'

/**
 * The exponential function minus one, without cancellation near 0.
 *
 *     expm1(x) = e^x - 1 = (2^k - 1) + 2^k r + 2^k (e^r - 1 - r)        r = x - k ln 2
 *
 * Twin of src/numerics/expm1.ts, with a shorter way near 0: the same bits for every double.
 */
export function expm1(x: f64): f64 {
  // Here k = 0, and all that the reduction adds is exactly 0.
  if (x > -0.28 && x < 0.4) return x === 0 ? x : x + expTail(x)
  if (x > -40 && x < 44) {
    const k = roundToExponent(x)
    const scale = powerOfTwo(k)
    const high = x - k * LN2_HIGH
    const low = k * LN2_LOW
    const r = high - low
    const rounding = (high - r - low) * (1 + r)
    // Both sums keep their rounding errors; 2^k - 1 has one from k = 54 on, at k < -53 it cannot be seen.
    const base = scale - 1
    const step = scale * r
    const sum = base + step
    const rest = step - (sum - base) + (scale - base - 1) + scale * rounding
    // The sum would turn -0 into 0.
    return x === 0 ? x : sum + (scale * expTail(r) + rest)
  }
  return x <= -40 ? -1 : exp(x)
}
