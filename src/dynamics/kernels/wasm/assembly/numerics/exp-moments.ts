import { expTail } from '../../../../../numerics/exp-tail.js'
import { exp } from './exp'
import { expm1 } from './expm1'

/** Below this the tail of the exponential is a polynomial; below that its first two terms to the last bit. */
const SMALL: f64 = 0.28
const TINY: f64 = 1e-9

/** (e^{-y} - 1 + y) / y^2 for y >= 0. Twin of src/numerics/exp-moments.ts. */
export function lateMoment(y: f64): f64 {
  if (y < TINY) return 0.5 - y / 6
  return (y < SMALL ? expTail(-y) : expm1(-y) + y) / (y * y)
}

/** (1 - (1 + y) e^{-y}) / y^2 for y >= 0, given lateMoment(y). */
export function earlyMoment(y: f64, late: f64): f64 {
  return y < 1 ? 1 - (1 + y) * late : (1 - (1 + y) * exp(-y)) / (y * y)
}
