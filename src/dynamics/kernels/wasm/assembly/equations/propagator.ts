import { earlyMoment, exp, expm1, lateMoment } from '../numerics/exp'
import { SMALL } from '../schema/constants'
import {
  hasInhibition,
  inhibitionGap,
  membraneIsSlower,
  membraneIsSlowerInh,
  peakKappa,
  peakTime,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  ratio,
  ratioInh,
  scale,
  scaleInh,
  tauAdapt,
  tauSyn,
  tauSynInh,
} from '../schema/header'

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

/**
 * Where a group has two synaptic currents, weights of at least 0 add to I, those below 0 to J, each with a time constant of
 * its own, so that I >= 0 >= J:
 *
 *     tauMem U' = -U + I + J      tauSyn I' = -I      tauSynInh J' = -J
 */

/** Whether a weight drives the inhibitory current. */
export function isInhibitory(weight: f64): bool {
  return weight < 0 && hasInhibition()
}

/** More than what rounding makes of a share. */
const MARGIN: f64 = 1e-12

/** The factors of the last `propagateInhibition`: e^{-D/tauSynInh} and kappa(D) of the inhibitory current. */
export let decayInh: f64 = 1
export let kappaInh: f64 = 0

/** The inhibitory current over D ms without events: that of `propagate`, which has been asked for the same D. */
export function propagateInhibition(d: f64): void {
  const q = decayMem
  switch (ratioInh()) {
    case 4: {
      const q2 = q * q
      decayInh = q2 * q2
      kappaInh = scaleInh() * q * -decayMemM1 * (1 + q + q2)
      break
    }
    case 2:
      decayInh = q * q
      kappaInh = scaleInh() * q * -decayMemM1
      break
    case 1:
      decayInh = q
      kappaInh = q == 0 ? 0 : d * perTauMem() * q
      break
    default:
      propagateAlone(d, q)
  }
}

function propagateAlone(d: f64, m: f64): void {
  const y = d * rateInh()
  if (membraneIsSlowerInh()) {
    if (y < SMALL) {
      const e1 = expm1(-y)
      decayInh = m + m * e1
      kappaInh = -scaleInh() * m * e1
    } else {
      decayInh = exp(-d / tauSynInh())
      kappaInh = scaleInh() * (m - decayInh)
    }
  } else {
    decayInh = exp(-d / tauSynInh())
    kappaInh = y < SMALL ? -scaleInh() * decayInh * expm1(-y) : scaleInh() * (decayInh - m)
  }
}

/** kappaInh(D) = c (e^{-D/tauSynInh} - e^{-D/tauMem}), c = tauSynInh / (tauSynInh - tauMem); 0 where both are equal. */
export function inhibitoryCrossShare(): f64 {
  return membraneIsSlowerInh() ? -scaleInh() : scaleInh()
}

/**
 * The share r of J that at least is with I wherever U is looked at within D ms, after both propagators over D:
 *
 *     kappa(t) I + kappaInh(t) J <= kappa(t) (I + r J),   0 <= t <= D
 *
 * kappaInh / kappa is the mean of e^{-(1/tauSynInh - 1/tauSyn) s} over 0 <= s <= t with weights that do not depend on t: it is
 * 1 at first, rises with t where inhibition lasts longer, and falls where it goes first. Crossings up to half an ulp beyond
 * `time` still round to it.
 */
export function leastShare(time: f64): f64 {
  if (inhibitionGap() <= 0) return 1 - MARGIN
  if (!(kappa > 0)) return 0
  const share = kappaInh / kappa - time * f64.EPSILON * inhibitionGap()
  return max(min(share, 1) - MARGIN, 0)
}

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

/** What an adaptation, or its adjoint, comes to over D ms without spikes: a e^{-D/tauAdapt}. */
export function adaptationAfter(a: f64, d: f64): f64 {
  return a == 0 ? 0 : a * exp(-d / tauAdapt())
}
