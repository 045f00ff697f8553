import { exp } from './exp.js'
import { expTail } from './exp-tail.js'
import { expm1 } from './expm1.js'

/** Below this the tail of the exponential is a polynomial. */
const SMALL = 0.28
/** Below this the tail is its first two terms to the last bit. */
const TINY = 1e-9

/**
 * The first moment of an exponential from its late end, without cancellation:
 *
 *     lateMoment(y) = integral over u in [0, 1] of (1 - u) e^{-u y} = (e^{-y} - 1 + y) / y^2        y >= 0
 */
export function lateMoment(y: number): number {
  if (y < TINY) return 0.5 - y / 6
  return (y < SMALL ? expTail(-y) : expm1(-y) + y) / (y * y)
}

/**
 * The first moment of an exponential, without cancellation:
 *
 *     earlyMoment(y) = integral over u in [0, 1] of u e^{-u y} = (1 - (1 + y) e^{-y}) / y^2        y >= 0
 *
 * @param late lateMoment(y)
 */
export function earlyMoment(y: number, late: number): number {
  return y < 1 ? 1 - (1 + y) * late : (1 - (1 + y) * exp(-y)) / (y * y)
}
