import { exp } from '../numerics/exp'
import { expm1 } from '../numerics/expm1'
import { SMALL } from '../schema/constants'
import { membraneIsSlower, peakKappa, peakTime, perTauMem, rate, ratio, scale, tauSyn } from '../schema/header'

/** The factors of the last `propagate`: e^{-D/tauMem}, that minus one, e^{-D/tauSyn}, kappa(D). */
export let decayMem: f64 = 1
export let decayMemM1: f64 = 0
export let decaySyn: f64 = 1
export let kappa: f64 = 0

/**
 * The propagator over D ms without events:
 *
 *     V(D) = V e^{-D/tauMem} + kappa(D) I      I(D) = I e^{-D/tauSyn}
 *     kappa(D) = tauSyn / (tauSyn - tauMem) (e^{-D/tauSyn} - e^{-D/tauMem})
 *
 * Where tauMem is 1, 2 or 4 tauSyn one exponential q = e^{-D/tauMem} is enough, and nothing cancels:
 *
 *     e^{-D/tauSyn} = q^ratio      kappa(D) = scale q (1 - q) (1 + q + … + q^{ratio - 2})
 *
 * Otherwise as in src/dynamics/equations/propagator.ts.
 */
export function propagate(d: f64): void {
  const x = d * perTauMem()
  if (x < SMALL) {
    decayMemM1 = expm1(-x)
    decayMem = 1 + decayMemM1
  } else {
    decayMem = exp(-x)
    decayMemM1 = decayMem - 1
  }
  const q = decayMem
  switch (ratio()) {
    case 4: {
      const q2 = q * q
      decaySyn = q2 * q2
      kappa = scale() * q * -decayMemM1 * (1 + q + q2)
      break
    }
    case 2:
      decaySyn = q * q
      kappa = scale() * q * -decayMemM1
      break
    case 1:
      decaySyn = q
      kappa = q == 0 ? 0 : x * q
      break
    default:
      propagateCurrent(d, q)
  }
}

/**
 * kappa(min(D, Dpeak)), after `propagate(D)`, or just above: D ends at `time`, and crossings up to half an ulp beyond it
 * still round to it. kappa rises by no more than D / tauMem.
 */
export function largestKappa(d: f64, time: f64): f64 {
  return d < peakTime() ? kappa + time * f64.EPSILON * perTauMem() : peakKappa()
}

function propagateCurrent(d: f64, m: f64): void {
  const y = d * rate()
  if (membraneIsSlower()) {
    if (y < SMALL) {
      const e1 = expm1(-y)
      decaySyn = m + m * e1
      kappa = -scale() * m * e1
    } else {
      decaySyn = exp(-d / tauSyn())
      kappa = scale() * (m - decaySyn)
    }
  } else {
    decaySyn = exp(-d / tauSyn())
    kappa = y < SMALL ? -scale() * decaySyn * expm1(-y) : scale() * (decaySyn - m)
  }
}
