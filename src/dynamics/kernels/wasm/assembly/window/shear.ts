import { isSheared, perTaus, shearRate } from '../schema/window-header'

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
