import { bin, halfDecays, halfGrowths, perTaus } from '../schema/window-header'
import {
  HALF,
  numbers,
  ONE,
  PER_24,
  PER_120,
  PER_720,
  PER_5040,
  PER_40320,
  PER_362880,
  THIRD_OF_HALF,
} from './constants'

/** e^{(x - bin/2)/tau} of both time constants, x within a bin. */
export function growthsFromMiddle(x: f64): v128 {
  return series(f64x2.mul(f64x2.splat(x - 0.5 * bin()), perTaus()))
}

/** e^{x/tau} of both time constants, x within a bin. */
export function growths(x: f64): v128 {
  return f64x2.mul(growthsFromMiddle(x), halfGrowths())
}

/** e^{-x/tau} of both time constants, x within a bin. */
export function decays(x: f64): v128 {
  return f64x2.mul(inline.always(series(f64x2.mul(f64x2.splat(0.5 * bin() - x), perTaus()))), halfDecays())
}

/** e^z by Taylor's series for |z| <= 1/8: what it leaves out is below 2^-51. */
function series(z: v128): v128 {
  const z2 = f64x2.mul(z, z)
  const z4 = f64x2.mul(z2, z2)
  const p01 = f64x2.add(numbers(ONE), z)
  const p23 = f64x2.add(numbers(HALF), f64x2.mul(z, numbers(THIRD_OF_HALF)))
  const p45 = f64x2.add(numbers(PER_24), f64x2.mul(z, numbers(PER_120)))
  const p67 = f64x2.add(numbers(PER_720), f64x2.mul(z, numbers(PER_5040)))
  const p89 = f64x2.add(numbers(PER_40320), f64x2.mul(z, numbers(PER_362880)))
  const low = f64x2.add(p01, f64x2.mul(z2, p23))
  const high = f64x2.add(f64x2.add(p45, f64x2.mul(z2, p67)), f64x2.mul(z4, p89))
  return f64x2.add(low, f64x2.mul(z4, high))
}
