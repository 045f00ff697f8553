/**
 * The bits of the float of 16 bits that is nearest to a value from 0 to 65,504, the even one of two that are equally near.
 *
 * Source: IEEE 754-2008, binary16.
 */
export function halfBits(value: number): number {
  // The spacing of floats is 2^{e - 10} from 2^e on, at least 2^-24.
  let e = -14
  while (value >= 2 ** (e + 1)) e++
  const steps = roundedToEven(value / 2 ** (e - 10))
  // One too many carries into the exponent.
  return e === -14 ? steps : (e + 14) * 1024 + steps
}

function roundedToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest === 0.5) return below + (below % 2)
  return rest < 0.5 ? below : below + 1
}
