/** One double and its bits; written before every read, so nothing is kept between calls. */
const DOUBLE = new Float64Array(1)
const WORDS = new Uint32Array(DOUBLE.buffer)
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0]

/** High word of 1 minus high word of sqrt(1/2): makes the exponent change at sqrt(2) instead of 2. */
const SHIFT = 0x3ff00000 - 0x3fe6a09e

/** The integer k for which x 2^-k lies in [sqrt(1/2), sqrt(2)], to a relative 1e-6; x a positive normal number. */
export function binaryExponent(x: number): number {
  DOUBLE[0] = x
  return (((WORDS[HIGH_WORD as number] as number) + SHIFT) >>> 20) - 1023
}
