/** A positive normal double as mantissa · 2^exponent. */
export function binaryFraction(x: number): { readonly mantissa: bigint; readonly exponent: bigint } {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint
  return { mantissa: (bits & 0xfffffffffffffn) | 0x10000000000000n, exponent: (bits >> 52n) - 1075n }
}
