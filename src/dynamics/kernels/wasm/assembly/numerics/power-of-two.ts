/** Adding 1.5 · 2^52 puts an integer into the low bits of the sum. */
const ROUNDER: f64 = 6755399441055744

/**
 * 2^k for an integer k in -1022 … 1023, by its bits; nothing is read from memory.
 *
 * Twin of the table in src/numerics/powers-of-two.ts, without its subnormal powers.
 */
export function powerOfTwo(k: f64): f64 {
  return reinterpret<f64>((reinterpret<i64>(k + ROUNDER) + 1023) << 52)
}
