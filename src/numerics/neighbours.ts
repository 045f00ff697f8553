/** Twice the smallest normal double: up to here the spacing of doubles is the smallest one. */
const FINEST = 2 ** -1021
/** Below, half an ulp is subnormal and would be rounded. */
const SMALL = 2 ** -900
const SCALE = 2 ** 100

/** The largest double below x >= 0; of Infinity the largest finite double. */
export function nextDown(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  if (x <= FINEST) return x - Number.MIN_VALUE
  if (x < SMALL) return nextDown(x * SCALE) / SCALE
  // Half an ulp or more is subtracted, but less than one: rounding lands on the neighbour.
  return x - x * 2 ** -53
}

/** The smallest double above x >= 0. */
export function nextUp(x: number): number {
  if (x < FINEST) return x + Number.MIN_VALUE
  if (x < SMALL) return nextUp(x * SCALE) / SCALE
  // A little more than half an ulp, so that powers of two don't round back.
  return x + x * (2 ** -53 + 2 ** -105)
}
