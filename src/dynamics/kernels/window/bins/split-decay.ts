/** Binary places of the series. */
const PLACES = 160n

/**
 * e^{-x/y} as a double and what rounding took from it: applied over and over, a rounded factor would go astray.
 *
 * @param x a positive double up to y
 * @param y a positive double
 */
export function splitDecay(x: number, y: number): { readonly high: number; readonly rest: number } {
  const [a, b] = [binaryFraction(x), binaryFraction(y)]
  const shift = a.exponent - b.exponent
  const quotient =
    shift >= 0n ? (a.mantissa << (PLACES + shift)) / b.mantissa : (a.mantissa << PLACES) / (b.mantissa << -shift)
  let term = 1n << PLACES
  let sum = term
  for (let n = 1n; term !== 0n; n++) {
    term = ((-term * quotient) / n) >> PLACES
    if (term === -1n) break
    sum += term
  }
  const high = toDouble(sum)
  const { mantissa, exponent } = binaryFraction(high)
  return { high, rest: toDouble(sum - (mantissa << (PLACES + exponent))) }
}

/** A positive normal double as mantissa · 2^exponent. */
function binaryFraction(x: number): { readonly mantissa: bigint; readonly exponent: bigint } {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint
  return { mantissa: (bits & 0xfffffffffffffn) | 0x10000000000000n, exponent: (bits >> 52n) - 1075n }
}

/** sum · 2^-PLACES, to a relative 2^-53. */
function toDouble(sum: bigint): number {
  return Number(sum) / 2 ** 160
}
