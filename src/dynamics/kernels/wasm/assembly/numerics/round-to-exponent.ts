import { INVERSE_LN2 } from './ln2'

/** Adding and subtracting 1.5 · 2^52 rounds to an integer. */
const ROUNDER: f64 = 6755399441055744

/** Moves the interval of r = x - k ln 2 from [-0.5, 0.5] ln 2 to [-0.415, 0.585] ln 2. */
const SHIFT: f64 = 0.085

/**
 * The integer k for which x - k ln 2 lies in [-0.415, 0.585] ln 2; |x| < 2000.
 *
 * Twin of src/numerics/round-to-exponent.ts: the same bits.
 */
export function roundToExponent(x: f64): f64 {
  return x * INVERSE_LN2 - SHIFT + ROUNDER - ROUNDER
}
