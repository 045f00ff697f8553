/** The integer e for which 2^e <= x < 2^{e + 1}; x a positive normal double. */
export function exponentOf(x: number): number {
  return (((new Uint32Array(Float64Array.of(x).buffer)[1] as number) >>> 20) & 0x7ff) - 1023
}
