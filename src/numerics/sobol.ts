const BITS = 32
const TWO_TO_MINUS_32 = 2.3283064365386963e-10

/** Degree of the primitive polynomial of a dimension, its inner coefficients as bits, and the first direction numbers. */
type Direction = readonly [degree: number, coefficients: number, first: readonly number[]]

/** Of the dimensions from the second on; the first has the binary digits of the index. */
const DIRECTIONS: readonly Direction[] = Object.freeze([
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
])

/** The largest number of dimensions. */
export const MOST_SOBOL_DIMENSIONS: number = DIRECTIONS.length + 1

/**
 * A coordinate of a point of the Sobol sequence, in [0, 1): every 2^k points from a multiple of 2^k on fill the cube evenly.
 *
 *     x_d(i) = XOR over the set bits b of i ^ (i >> 1) of v_d(b)
 *
 * Source: Sobol 1967; points in the order of Antonov and Saleev 1979; direction numbers of Joe and Kuo, SIAM J. Sci. Comput.
 * 30 (2008) 2635 (new-joe-kuo-6). Raises RangeError for a dimension from `MOST_SOBOL_DIMENSIONS` on.
 *
 * @param index 0 to 2^32 - 1
 * @param dimension from 0
 * @param shift 32 random bits by which all points of a dimension are shifted digit by digit, which keeps them even;
 * default: none
 */
export function sobol(index: number, dimension: number, shift = 0): number {
  const numbers = directionNumbers(dimension)
  const gray = (index ^ (index >>> 1)) >>> 0
  let bits = shift
  for (let bit = 0; bit < BITS; bit++) if (((gray >>> bit) & 1) === 1) bits ^= numbers[bit] as number
  return (bits >>> 0) * TWO_TO_MINUS_32
}

/** v(b) = m(b + 1) 2^(31 - b), with the recurrence of the polynomial for those m that are not given. */
function directionNumbers(dimension: number): Uint32Array {
  const numbers = new Uint32Array(BITS)
  if (dimension === 0) return numbers.map((_, bit) => 1 << (BITS - 1 - bit))
  const direction = DIRECTIONS[dimension - 1]
  if (direction === undefined)
    throw new RangeError(`dimension ${dimension}, expected 0 to ${MOST_SOBOL_DIMENSIONS - 1}`)
  const [degree, coefficients, first] = direction
  for (let bit = 0; bit < BITS; bit++) {
    if (bit < degree) {
      numbers[bit] = (first[bit] as number) << (BITS - 1 - bit)
      continue
    }
    const oldest = numbers[bit - degree] as number
    let next = oldest ^ (oldest >>> degree)
    for (let k = 1; k < degree; k++)
      if (((coefficients >>> (degree - 1 - k)) & 1) === 1) next ^= numbers[bit - k] as number
    numbers[bit] = next
  }
  return numbers
}
