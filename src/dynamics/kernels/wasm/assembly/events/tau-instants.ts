import {
  decayInhBySyn,
  decayMemByMem,
  decaySynBySyn,
  differentiate,
  differentiateInhibition,
  kappaByMem,
  kappaBySyn,
  kappaInhByMem,
  kappaInhBySyn,
} from '../equations/tau-propagator'
import { inhibitoryTauFactors, instants, tauFactors } from '../schema/header'
import { DECAY_MEM_BY_MEM, DECAY_SYN_BY_SYN, INSTANT, KAPPA_BY_MEM, KAPPA_BY_SYN, TAU_FACTORS } from '../schema/records'

/** What belongs to an instant. */
export function tauFactorsOf(instant: usize): usize {
  return tauFactors() + (instant - instants()) / (INSTANT / TAU_FACTORS)
}

/** Notes them; the propagator over the same d ms has been asked for. Nothing comes back over an interval without end. */
export function writeTauFactors(instant: usize, d: f64): void {
  const by = tauFactorsOf(instant)
  if (!(d > 0 && d < Infinity)) {
    memory.fill(by, 0, TAU_FACTORS)
    return
  }
  differentiate(d)
  store<f64>(by, decayMemByMem, DECAY_MEM_BY_MEM)
  store<f64>(by, kappaByMem, KAPPA_BY_MEM)
  store<f64>(by, decaySynBySyn, DECAY_SYN_BY_SYN)
  store<f64>(by, kappaBySyn, KAPPA_BY_SYN)
}

/** The same of the inhibitory current. */
export function inhibitoryTauFactorsOf(instant: usize): usize {
  return inhibitoryTauFactors() + (instant - instants()) / (INSTANT / TAU_FACTORS)
}

/** After `writeTauFactors` of the instant, and `propagateInhibition`. */
export function writeInhibitoryTauFactors(instant: usize, d: f64): void {
  const by = inhibitoryTauFactorsOf(instant)
  memory.fill(by, 0, TAU_FACTORS)
  if (!(d > 0 && d < Infinity)) return
  differentiateInhibition(d)
  store<f64>(by, kappaInhByMem, KAPPA_BY_MEM)
  store<f64>(by, decayInhBySyn, DECAY_SYN_BY_SYN)
  store<f64>(by, kappaInhBySyn, KAPPA_BY_SYN)
}
