import { expTail } from './exp-tail.js'
import { LN2_HIGH, LN2_LOW } from './ln2.js'
import { POWER_ZERO, POWERS_OF_TWO } from './powers-of-two.js'
import { roundToExponent } from './round-to-exponent.js'

/**
 * The exponential function.
 *
 *     exp(x) = e^x = 2^k e^r        r = x - k ln 2
 *
 * Within 0.61 ulp, 0.8 ulp where the result is subnormal; Infinity and 0 beyond the range of a double. The same bits on every
 * machine: nothing but + - * and a table of powers of two.
 */
export function exp(x: number): number {
  if (x > -708 && x < 709) {
    const k = roundToExponent(x)
    return reduced(x, k) * (POWERS_OF_TWO[k + POWER_ZERO] as number)
  }
  return extreme(x)
}

/** e^(x - k ln 2). The rounding error of r and of 1 + r are carried along and added last. */
function reduced(x: number, k: number): number {
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const one = 1 + r
  const rest = r - (one - 1) + (high - r - low) * one
  return one + (expTail(r) + rest)
}

/** Results near the ends of the range, where 2^k is not a normal number: scaled in two steps, the last one rounds. */
function extreme(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > 710) return Number.POSITIVE_INFINITY
  if (x < -746) return 0
  const k = roundToExponent(x)
  const shift = x > 0 ? 200 : -200
  return reduced(x, k) * power(k - shift) * power(shift)
}

function power(k: number): number {
  return POWERS_OF_TWO[k + POWER_ZERO] as number
}
