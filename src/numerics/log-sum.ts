import { LN2_HIGH, LN2_LOW } from './ln2.js'

/** Adding and subtracting 1.5 · 2^27 rounds to a multiple of 2^-25. The type is for AssemblyScript, see round-to-exponent.ts. */
const ROUNDER: number = 201326592

/**
 * Puts a logarithm together from its reduced argument.
 *
 *     logSum(k, f, c) = k ln 2 + ln(1 + f) + c
 *     ln(1 + f) = f - f^2/2 + s (f^2/2 + z w(z))        s = f/(2 + f), z = s^2
 *
 * for an integer k, 1 + f in [sqrt(1/2), sqrt(2)] and a tiny c. z w(z) = ln((1 + s)/(1 - s))/s - 2 with w minimax of
 * degree 7, within 1.7e-19 of the logarithm (scripts/numerics-table-coefficients.mjs). The leading terms k ln 2, f and
 * the rounded f^2/2 are added with their rounding errors kept.
 */
export function logSum(k: number, f: number, c: number): number {
  const s = f / (2 + f)
  const z = s * s
  const z2 = z * z
  const w01 = 0.6666666666666666 + z * 0.4000000000000624
  const w23 = 0.2857142856908681 + z * 0.222222226467255
  const w45 = 0.1818177566654228 + z * 0.15387090889961647
  const w67 = 0.13250111628207498 + z * 0.13251416646894953
  const w = w01 + z2 * w23 + z2 * z2 * (w45 + z2 * w67)

  const coarse = f + ROUNDER - ROUNDER
  const half = 0.5 * coarse * coarse
  const halfRest = 0.5 * (f - coarse) * (f + coarse)
  const small = s * (half + halfRest + z * w) - halfRest

  const base = k * LN2_HIGH
  const linear = base + f
  const linearRest = f - (linear - base)
  const sum = linear - half
  const sumRest = linear - sum - half
  return sum + (small + (linearRest + sumRest + (k * LN2_LOW + c)))
}
