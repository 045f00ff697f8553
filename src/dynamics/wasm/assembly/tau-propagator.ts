import { earlyMoment, lateMoment } from './numerics/exp-moments'
import { decayMem, decaySyn, kappa } from './propagator'
import { membraneIsSlower, perTauMem, perTauSyn, rate } from './schema/plan'

/** What the last `differentiate` found: derivatives of the propagator, in 1/ms. */
export let decayMemByMem: f64 = 0
export let kappaByMem: f64 = 0
export let decaySynBySyn: f64 = 0
export let kappaBySyn: f64 = 0

/**
 * The derivatives by the time constants of what `propagate` has found over the same D ms, finite:
 *
 *     d e^{-D/tau} / dtau = D e^{-D/tau} / tau^2
 *     dkappa / dtauMem    = J / tauMem^3 - kappa / tauMem        J = integral of x e^{-x/tauMem} e^{-(D-x)/tauSyn}
 *     dkappa / dtauSyn    = K / (tauMem tauSyn^2)                K = integral of x e^{-x/tauSyn} e^{-(D-x)/tauMem}
 *
 * over x in [0, D], as in src/dynamics/tau-propagator.ts.
 */
export function differentiate(d: f64): void {
  const perMem = perTauMem()
  const perSyn = perTauSyn()
  const y = d * rate()
  const late = lateMoment(y)
  const early = earlyMoment(y, late)
  const isMemSlower = membraneIsSlower()
  const slow = d * d * (isMemSlower ? decayMem : decaySyn)
  const ofMem = slow * (isMemSlower ? late : early)
  const ofSyn = slow * (isMemSlower ? early : late)
  decayMemByMem = decayMem * (d * perMem) * perMem
  kappaByMem = (ofMem * perMem * perMem - kappa) * perMem
  decaySynBySyn = decaySyn * (d * perSyn) * perSyn
  kappaBySyn = ofSyn * perMem * perSyn * perSyn
}
