/** High word of 1 minus high word of sqrt(1/2): makes the exponent change at sqrt(2) instead of 2. */
const SHIFT: u32 = 0x3ff00000 - 0x3fe6a09e

/**
 * The integer k for which x 2^-k lies in [sqrt(1/2), sqrt(2)], to a relative 1e-6; x a positive normal number.
 *
 * Twin of src/numerics/binary-exponent.ts.
 */
export function binaryExponent(x: f64): i32 {
  const highWord = u32(reinterpret<u64>(x) >> 32)
  return i32((highWord + SHIFT) >> 20) - 1023
}
