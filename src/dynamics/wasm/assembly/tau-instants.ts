import { instants, tauFactors } from './plan'
import { decayMemByMem, decaySynBySyn, differentiate, kappaByMem, kappaBySyn } from './tau-propagator'

/**
 * The derivatives of the propagator over the interval before an instant, see `tau-propagator.ts`; instant by instant, half
 * as large as these.
 */
export const TAU_FACTORS: usize = 32
export const DECAY_MEM_BY_MEM: usize = 0
export const KAPPA_BY_MEM: usize = 8
export const DECAY_SYN_BY_SYN: usize = 16
export const KAPPA_BY_SYN: usize = 24

export function tauFactorsOf(instant: usize): usize {
  return tauFactors() + (instant - instants()) / 2
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
