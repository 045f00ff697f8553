import { expTail } from '../../../../../numerics/exp-tail.js'
import { LN2_HIGH, LN2_LOW } from '../../../../../numerics/ln2.js'
import { roundToExponent } from '../../../../../numerics/round-to-exponent.js'
import { powerOfTwo } from './power-of-two'

/**
 * The exponential function.
 *
 *     exp(x) = e^x = 2^k e^r        r = x - k ln 2
 *
 * Twin of src/numerics/exp.ts: the same bits for every double.
 */
export function exp(x: f64): f64 {
  if (x > -708 && x < 709) {
    const k = roundToExponent(x)
    return inline.always(reduced(x, k)) * powerOfTwo(k)
  }
  return extreme(x)
}

/** e^(x - k ln 2). The rounding error of r and of 1 + r are carried along and added last. */
function reduced(x: f64, k: f64): f64 {
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const one = 1 + r
  const rest = r - (one - 1) + (high - r - low) * one
  return one + (expTail(r) + rest)
}

/** Results near the ends of the range, where 2^k is not a normal number: scaled in two steps, the last one rounds. */
function extreme(x: f64): f64 {
  if (Number.isNaN(x)) return x
  if (x > 710) return Infinity
  if (x < -746) return 0
  const k = roundToExponent(x)
  const shift: f64 = x > 0 ? 200 : -200
  return reduced(x, k) * powerOfTwo(k - shift) * powerOfTwo(shift)
}
