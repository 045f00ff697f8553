import { log1p } from '../numerics/log1p'
import { rateGap, tauSyn } from '../schema/header'
import { decayMem, decayMemM1, kappa, propagate } from './propagator'

/**
 * When the one extremum of U = U0 e^{-t/tauMem} + kappa(t) I0 is, a maximum where U rises at first:
 *
 *     t = q log1p(gap q) / (gap q),   q = tauSyn (1 - U0 / I0)      (q as gap -> 0)
 *
 * Below 0 if there is none for t > 0.
 */
export function extremumAfter(u: f64, i: f64): f64 {
  const q = (tauSyn() * (i - u)) / i
  const x = rateGap() * q
  if (!(q > 0) || q == Infinity || !(x > -1)) return -1
  return x == 0 ? q : q * (log1p(x) / x)
}

/** U after t ms. */
export function heightAfter(u: f64, i: f64, t: f64): f64 {
  propagate(t)
  return decayMemM1 > -0.4 ? u + (u * decayMemM1 + kappa * i) : u * decayMem + kappa * i
}
