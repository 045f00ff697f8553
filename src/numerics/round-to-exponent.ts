import { INVERSE_LN2 } from './ln2.js'

/** Adding and subtracting 1.5 · 2^52 rounds to an integer. AssemblyScript, too, reads this file: it takes whole numbers for integers. */
const ROUNDER: number = 6755399441055744

/**
 * Moves the interval of r = x - k ln 2 from [-0.5, 0.5] ln 2 to [-0.415, 0.585] ln 2: there e^r - 1 does not cancel
 * against 2^k just below a power of two, where expm1 would lose half an ulp.
 */
const SHIFT = 0.085

/** The integer k for which x - k ln 2 lies in [-0.415, 0.585] ln 2; |x| < 2000. */
export function roundToExponent(x: number): number {
  return x * INVERSE_LN2 - SHIFT + ROUNDER - ROUNDER
}
