import { logSum } from '../../../../../numerics/log-sum.js'

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

/** High word of 1 minus high word of sqrt(1/2): makes the exponent change at sqrt(2) instead of 2. */
const SHIFT: u32 = 0x3ff00000 - 0x3fe6a09e

/**
 * The integer k for which x 2^-k lies in [sqrt(1/2), sqrt(2)], to a relative 1e-6; x a positive normal number.
 *
 * Twin of src/numerics/binary-exponent.ts.
 */
function binaryExponent(x: f64): i32 {
  const highWord = u32(reinterpret<u64>(x) >> 32)
  return i32((highWord + SHIFT) >> 20) - 1023
}

/**
 * log1p(-y) of two doubles at once, for 0 <= y < `NEAR_FALL`, by the steps of `log1p.ts` and src/numerics/log-sum.ts: the same bits.
 *
 * Pairs of constants are loaded, which is faster than putting them together wherever they stand.
 */
const NUMBERS: usize = memory.data<f64>([
  0.6666666666666666, 0.6666666666666666, 0.4000000000000624, 0.4000000000000624, 0.2857142856908681,
  0.2857142856908681, 0.222222226467255, 0.222222226467255, 0.1818177566654228, 0.1818177566654228, 0.15387090889961647,
  0.15387090889961647, 0.13250111628207498, 0.13250111628207498, 0.13251416646894953, 0.13251416646894953,
  // The rounder of `logSum`, 1/2, 2.
  201326592, 201326592, 0.5, 0.5, 2, 2,
])
const ROUNDER: usize = 128
const HALF: usize = 144
const TWO: usize = 160

/** Up to here nothing has to be taken out of 1 - y. */
export const NEAR_FALL: f64 = 0.2928

export function log1pOfFallPair(y: v128): v128 {
  const f = f64x2.neg(y)
  const s = f64x2.div(f, f64x2.add(v128.load(NUMBERS, TWO), f))
  const z = f64x2.mul(s, s)
  const z2 = f64x2.mul(z, z)
  const w01 = f64x2.add(v128.load(NUMBERS), f64x2.mul(z, v128.load(NUMBERS, 16)))
  const w23 = f64x2.add(v128.load(NUMBERS, 32), f64x2.mul(z, v128.load(NUMBERS, 48)))
  const w45 = f64x2.add(v128.load(NUMBERS, 64), f64x2.mul(z, v128.load(NUMBERS, 80)))
  const w67 = f64x2.add(v128.load(NUMBERS, 96), f64x2.mul(z, v128.load(NUMBERS, 112)))
  const high = f64x2.mul(f64x2.mul(z2, z2), f64x2.add(w45, f64x2.mul(z2, w67)))
  const w = f64x2.add(f64x2.add(w01, f64x2.mul(z2, w23)), high)
  const coarse = f64x2.sub(f64x2.add(f, v128.load(NUMBERS, ROUNDER)), v128.load(NUMBERS, ROUNDER))
  const half = f64x2.mul(f64x2.mul(v128.load(NUMBERS, HALF), coarse), coarse)
  const halfRest = f64x2.mul(f64x2.mul(v128.load(NUMBERS, HALF), f64x2.sub(f, coarse)), f64x2.add(f, coarse))
  const small = f64x2.sub(f64x2.mul(s, f64x2.add(f64x2.add(half, halfRest), f64x2.mul(z, w))), halfRest)
  const sum = f64x2.sub(f, half)
  const sumRest = f64x2.sub(f64x2.sub(f, sum), half)
  return f64x2.add(sum, f64x2.add(small, sumRest))
}

/** The same of two doubles that lie at an address, there. */
export function log1pOfFallPairAt(pair: usize): void {
  v128.store(pair, log1pOfFallPair(v128.load(pair)))
}
