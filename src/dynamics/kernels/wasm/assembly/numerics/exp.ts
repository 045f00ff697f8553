import { expTail } from '../../../../../numerics/exp-tail.js'
import { LN2_HIGH, LN2_LOW } from '../../../../../numerics/ln2.js'
import { roundToExponent } from '../../../../../numerics/round-to-exponent.js'

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

/** Adding 1.5 · 2^52 puts an integer into the low bits of the sum. */
const ROUNDER: f64 = 6755399441055744

/**
 * 2^k for an integer k in -1022 … 1023, by its bits; nothing is read from memory.
 *
 * Twin of the table in src/numerics/powers-of-two.ts, without its subnormal powers.
 */
function powerOfTwo(k: f64): f64 {
  return reinterpret<f64>((reinterpret<i64>(k + ROUNDER) + 1023) << 52)
}

/** Multiplying by 2^27 + 1 splits a double into halves. */
const SPLITTER: f64 = 134217729

/** e^{x/y}, without the error that rounding x/y makes where it is large; x/y between -700 and 700, y not extreme. */
export function expQuotient(x: f64, y: f64): f64 {
  const q = x / y
  const e = exp(q)
  const product = q * y
  const qHigh = highOf(q)
  const yHigh = highOf(y)
  const qLow = q - qHigh
  const yLow = y - yHigh
  const rounding = qHigh * yHigh - product + qHigh * yLow + qLow * yHigh + qLow * yLow
  return e + e * ((x - product - rounding) / y)
}

function highOf(x: f64): f64 {
  const product = SPLITTER * x
  return product - (product - x)
}

/** Below this the tail of the exponential is a polynomial; below that its first two terms to the last bit. */
const SMALL: f64 = 0.28
const TINY: f64 = 1e-9

/** (e^{-y} - 1 + y) / y^2 for y >= 0. Twin of src/numerics/exp-moments.ts. */
export function lateMoment(y: f64): f64 {
  if (y < TINY) return 0.5 - y / 6
  return (y < SMALL ? expTail(-y) : expm1(-y) + y) / (y * y)
}

/** (1 - (1 + y) e^{-y}) / y^2 for y >= 0, given lateMoment(y). */
export function earlyMoment(y: f64, late: f64): f64 {
  return y < 1 ? 1 - (1 + y) * late : (1 - (1 + y) * exp(-y)) / (y * y)
}
