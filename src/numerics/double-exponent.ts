import { POWER_ZERO, POWERS_OF_TWO } from './powers-of-two.js'

/** The integer e for which 2^e <= x < 2^{e + 1}; x a positive normal double. */
export function exponentOf(x: number): number {
  return (((new Uint32Array(Float64Array.of(x).buffer)[1] as number) >>> 20) & 0x7ff) - 1023
}

/** 2^e for an integer e whose power is a normal double. */
export function powerOfTwo(e: number): number {
  return POWERS_OF_TWO[e + POWER_ZERO] as number
}
