/** The largest double below x >= 0; of Infinity the largest finite double. */
export function nextDown(x: number): number {
  if (x === Infinity) return Number.MAX_VALUE
  // For normal x half an ulp or more is subtracted, but less than one: rounding lands on the neighbour.
  return x < SMALLEST_NORMAL ? x - Number.MIN_VALUE : x - x * 2 ** -53
}

/** The smallest double above x >= 0. */
export function nextUp(x: number): number {
  // A little more than half an ulp, so that powers of two don't round back.
  return x < SMALLEST_NORMAL ? x + Number.MIN_VALUE : x + x * (2 ** -53 + 2 ** -105)
}

const SMALLEST_NORMAL = 2 ** -1022
