const SIGN = 0x8000
const EXPONENT_AT = 10
const MANTISSA = 0x3ff
/** The exponent of what is no number, or none that is finite. */
const SPECIAL = 31

/** By the exponent: the spacing of floats, 2^{e - 25}, and of those below the least normal one, 2^-24. */
const SPACING = Float64Array.from({ length: SPECIAL }, (_, e) => (1 << Math.max(e, 1)) / 2 ** 25)

/**
 * The value of a float of 16 bits: (-1)^s 2^{e - 15} (1 + m / 1024), 2^-14 m / 1024 for e = 0.
 *
 * Source: IEEE 754-2008, binary16.
 */
export function halfValue(bits: number): number {
  const e = (bits >>> EXPONENT_AT) & SPECIAL
  const m = bits & MANTISSA
  const size = e === SPECIAL ? (m === 0 ? Infinity : Number.NaN) : (e === 0 ? m : m + 1024) * (SPACING[e] as number)
  return (bits & SIGN) === 0 ? size : -size
}
