import { decayInh, kappaInh } from '../events/inhibition'
import { earlyMoment, lateMoment } from '../numerics/exp-moments'
import {
  membraneIsSlower,
  membraneIsSlowerInh,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
} from '../schema/header'
import { decayMem, decaySyn, kappa } from './propagator'

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
 * over x in [0, D], as in src/dynamics/equations/tau-propagator.ts.
 */
export function differentiate(d: f64): void {
  const perMem = perTauMem()
  const perSyn = perTauSyn()
  takeMoments(d, rate(), membraneIsSlower(), decaySyn)
  decayMemByMem = decayMem * (d * perMem) * perMem
  kappaByMem = (ofMem * perMem * perMem - kappa) * perMem
  decaySynBySyn = decaySyn * (d * perSyn) * perSyn
  kappaBySyn = ofSyn * perMem * perSyn * perSyn
}

/** The same of the inhibitory current, after both propagators. */
export let kappaInhByMem: f64 = 0
export let decayInhBySyn: f64 = 0
export let kappaInhBySyn: f64 = 0

export function differentiateInhibition(d: f64): void {
  const perMem = perTauMem()
  const perSyn = perTauSynInh()
  takeMoments(d, rateInh(), membraneIsSlowerInh(), decayInh)
  kappaInhByMem = (ofMem * perMem * perMem - kappaInh) * perMem
  decayInhBySyn = decayInh * (d * perSyn) * perSyn
  kappaInhBySyn = ofSyn * perMem * perSyn * perSyn
}

/** J and K of the last `takeMoments`. */
let ofMem: f64 = 0
let ofSyn: f64 = 0

function takeMoments(d: f64, rate: f64, isMemSlower: bool, decay: f64): void {
  const y = d * rate
  const late = lateMoment(y)
  const early = earlyMoment(y, late)
  const slow = d * d * (isMemSlower ? decayMem : decay)
  ofMem = slow * (isMemSlower ? late : early)
  ofSyn = slow * (isMemSlower ? early : late)
}
