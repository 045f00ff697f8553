import { inhibitions, instants } from '../schema/header'
import { INHIBITION, INHIBITION_DECAY, INHIBITION_KAPPA, INHIBITION_SHARE, INSTANT } from '../schema/records'
import { decayInh, kappaInh, leastShare, propagateInhibition } from './inhibition'

/** What belongs to an instant of the window at work. */
export function inhibitionOf(instant: usize): usize {
  return inhibitions() + (instant - instants()) / (INSTANT / INHIBITION)
}

/** Notes it; the propagator over the same d ms, which end at `time`, has been asked for. */
export function writeInhibition(instant: usize, d: f64, time: f64): void {
  const at = inhibitionOf(instant)
  if (d > 0) {
    propagateInhibition(d)
    store<f64>(at, decayInh, INHIBITION_DECAY)
    store<f64>(at, kappaInh, INHIBITION_KAPPA)
    store<f64>(at, leastShare(time), INHIBITION_SHARE)
  } else {
    store<f64>(at, 1, INHIBITION_DECAY)
    store<f64>(at, 0, INHIBITION_KAPPA)
    store<f64>(at, 0, INHIBITION_SHARE)
  }
}
