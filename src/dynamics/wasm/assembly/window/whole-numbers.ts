import { numbers, ROUNDER, TWO_TO_32 } from './constants'

/** Rounds two doubles, magnitudes below 2^51, to integers of 64 bits. */
export function toIntegers(x: v128): v128 {
  // Adding 1.5 · 2^52 puts the rounded number into the low bits of the sum.
  return i64x2.sub(f64x2.add(x, numbers(ROUNDER)), numbers(ROUNDER))
}

/** Two integers of 64 bits as doubles, rounded once. */
export function toDoubles(n: v128): v128 {
  const high = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(n, n, 1, 3, 1, 3))
  const low = f64x2.convert_low_i32x4_u(v128.shuffle<i32>(n, n, 0, 2, 0, 2))
  return f64x2.add(f64x2.mul(high, numbers(TWO_TO_32)), low)
}
