import { bin, halfDecays, halfGrowths, isSheared, perTaus, shearRate } from '../schema/window-header'

/**
 * Pairs of constants, which engines load faster than they make them: a vector in the code is put together from immediate
 * operands wherever it stands.
 */
const NUMBERS: usize = memory.data<f64>([
  // Taylor's coefficients of the exponential function.
  1, 1, 0.5, 0.5, 0.16666666666666666, 0.16666666666666666, 0.041666666666666664, 0.041666666666666664,
  0.008333333333333333, 0.008333333333333333, 0.001388888888888889, 0.001388888888888889, 0.0001984126984126984,
  0.0001984126984126984, 0.0000248015873015873, 0.0000248015873015873, 0.0000027557319223985893,
  0.0000027557319223985893,
])
export const ONE: usize = 0
export const HALF: usize = 16
export const THIRD_OF_HALF: usize = 32
export const PER_24: usize = 48
const PER_120: usize = 64
const PER_720: usize = 80
const PER_5040: usize = 96
const PER_40320: usize = 112
const PER_362880: usize = 128

export function numbers(place: usize): v128 {
  return v128.load(NUMBERS + place)
}

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

// Nearly equal time constants: V = U - share I would be the difference of two large numbers. So the scaled state of a neuron
// is another one, (J, P), in the place of (I, U) at the start of a bin, with a share of 0:
//
//     I = J e^{-x/tauSyn}      V - bias = (P + J g(x)) e^{-x/tauMem}
//     g(x) = kappa(x) e^{x/tauMem} = (1 - e^{-rate x}) / (rate tauMem)      rate = 1/tauSyn - 1/tauMem
//
// and so are the adjoints that arrivals take, (B, U):
//
//     pI = (B - U g(x)) e^{x/tauSyn}      pV = U e^{x/tauMem}
//
// At the end of a bin both are sheared by g(bin). Which form it is follows from the current time constants alone.

/** g(x), x within a bin: |rate x| is at most 1/32, and what the series leaves out below 2^-58. */
export function shear(x: f64): f64 {
  const y = shearRate() * x
  const high = 1 - (y / 5) * (1 - (y / 6) * (1 - (y / 7) * (1 - y / 8)))
  return x * f64x2.extract_lane(perTaus(), 1) * (1 - (y / 2) * (1 - (y / 3) * (1 - (y / 4) * high)))
}

/** From the state to what decays to I and V - bias at x; the state itself where it is not sheared. */
export function sheared(state: v128, x: f64): v128 {
  return isSheared() ? addSecond(state, f64x2.extract_lane(state, 0) * shear(x)) : state
}

/** What arrives at x, given what it adds to J. */
export function arrivingSheared(added: v128, x: f64): v128 {
  return addSecond(added, -f64x2.extract_lane(added, 0) * shear(x))
}

/** From the adjoint to what grows to pI and pV at x. */
export function adjointSheared(pair: v128, x: f64): v128 {
  return isSheared() ? addFirst(pair, -f64x2.extract_lane(pair, 1) * shear(x)) : pair
}

/** The other way round. */
export function adjointFrom(pair: v128, x: f64): v128 {
  return isSheared() ? addFirst(pair, f64x2.extract_lane(pair, 1) * shear(x)) : pair
}

function addFirst(pair: v128, value: f64): v128 {
  return f64x2.replace_lane(pair, 0, f64x2.extract_lane(pair, 0) + value)
}

function addSecond(pair: v128, value: f64): v128 {
  return f64x2.replace_lane(pair, 1, f64x2.extract_lane(pair, 1) + value)
}
