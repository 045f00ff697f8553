import { exp } from './exp.js'
import { expTail } from './exp-tail.js'
import { LN2_HIGH, LN2_LOW } from './ln2.js'
import { POWER_ZERO, POWERS_OF_TWO } from './powers-of-two.js'
import { roundToExponent } from './round-to-exponent.js'

/**
 * The exponential function minus one, without cancellation near 0.
 *
 *     expm1(x) = e^x - 1 = (2^k - 1) + 2^k r + 2^k (e^r - 1 - r)        r = x - k ln 2
 *
 * Within 0.85 ulp for every double; expm1(-0) is -0. The same bits on every machine.
 */
export function expm1(x: number): number {
  if (x > -40 && x < 44) {
    const k = roundToExponent(x)
    const scale = POWERS_OF_TWO[k + POWER_ZERO] as number
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
