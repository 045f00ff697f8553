import { instants, tauFactors } from './schema/plan'
import { DECAY_MEM_BY_MEM, DECAY_SYN_BY_SYN, INSTANT, KAPPA_BY_MEM, KAPPA_BY_SYN, TAU_FACTORS } from './schema/records'
import { decayMemByMem, decaySynBySyn, differentiate, kappaByMem, kappaBySyn } from './tau-propagator'

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
