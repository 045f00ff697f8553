const EXPONENTS = 32
const MANTISSAS = 1024

/**
 * The values of all floats of 16 bits by their bits: (-1)^s 2^{e - 15} (1 + m / 1024), 2^{-14} m / 1024 for e = 0.
 *
 * Source: IEEE 754-2008, binary16.
 */
export function halfValues(): Float64Array {
  const values = new Float64Array(2 * EXPONENTS * MANTISSAS)
  for (let e = 0; e < EXPONENTS; e++)
    for (let m = 0; m < MANTISSAS; m++) {
      const value = halfOf(e, m)
      values[e * MANTISSAS + m] = value
      values[(EXPONENTS + e) * MANTISSAS + m] = -value
    }
  return values
}

function halfOf(e: number, m: number): number {
  if (e === EXPONENTS - 1) return m === 0 ? Infinity : Number.NaN
  if (e === 0) return m * 2 ** -24
  return (MANTISSAS + m) * 2 ** (e - 25)
}
