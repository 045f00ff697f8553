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
  const shift = PLACES + b.places - a.places
  const quotient = shift >= 0n ? (a.integer << shift) / b.integer : a.integer / (b.integer << -shift)
  let term = 1n << PLACES
  let sum = term
  for (let n = 1n; term !== 0n; n++) {
    term = ((-term * quotient) / n) >> PLACES
    if (term === -1n) break
    sum += term
  }
  const high = Number(sum)
  return { high: high / 2 ** 160, rest: Number(sum - BigInt(high)) / 2 ** 160 }
}

/** A double as integer · 2^-places. */
function binaryFraction(x: number): { readonly integer: bigint; readonly places: bigint } {
  let places = 0
  let scaled = x
  for (; !Number.isInteger(scaled); scaled *= 2) places++
  return { integer: BigInt(scaled), places: BigInt(places) }
}
