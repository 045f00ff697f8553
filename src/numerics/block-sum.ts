/** Neurons in a block: sums inside a block and across blocks have each their one fixed order. */
export const BLOCK = 32

/**
 * Sums one block of up to 32 contributions in the fixed order that SIMD lanes give for free.
 *
 *     q(o, b) = (g[8o + b] + g[8o + 2 + b]) + (g[8o + 4 + b] + g[8o + 6 + b])        lane group o = 0 … 3, parity b = 0, 1
 *     blockSum = (q(0,0) + q(1,0) + q(2,0) + q(3,0)) + (q(0,1) + q(1,1) + q(2,1) + q(3,1))
 *
 * from left to right, starting from +0; entries beyond `count` are +0. Never -0.
 */
export function blockSum(values: Float64Array, offset: number, count: number): number {
  let even = 0
  let odd = 0
  const end = offset + count
  const wholeEnd = offset + (count & ~7)
  let i = offset
  for (; i < wholeEnd; i += 8) {
    even += (values[i] as number) + (values[i + 2] as number) + ((values[i + 4] as number) + (values[i + 6] as number))
    odd +=
      (values[i + 1] as number) + (values[i + 3] as number) + ((values[i + 5] as number) + (values[i + 7] as number))
  }
  if (i < end) {
    even += at(values, i, end) + at(values, i + 2, end) + (at(values, i + 4, end) + at(values, i + 6, end))
    odd += at(values, i + 1, end) + at(values, i + 3, end) + (at(values, i + 5, end) + at(values, i + 7, end))
  }
  return even + odd
}

function at(values: Float64Array, index: number, end: number): number {
  return index < end ? (values[index] as number) : 0
}
