import { inhibitoryCrossShare } from '../equations/propagator'
import { lane } from '../lanes/lanes'
import { isTwo } from '../lanes/membrane'
import { BY_MEM, BY_SYN, SPIKE_INTERVAL_Q_I, SPIKE_INTERVAL_TAUS, SPIKE_INTERVAL_Z } from '../schema/delayed-records'
import {
  perTauMem,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  spikeIntervals,
  tauMem,
  tauSpikeIntervals,
} from '../schema/header'
import { Q_I, Z } from '../schema/lanes'

/**
 * What an interval between own events (see `spike-intervals.ts`) knows of the gradient by time constants, eight lanes each,
 * as far from `tauSpikeIntervals` as the inter-spike interval is from `spikeIntervals`:
 *
 *     qI and z right before the event | BY_MEM | BY_SYN
 *
 * Relative to an origin O, an arrival at t in an inter-spike interval that ends at E has, with d = E - t and pU that of the
 * inter-spike interval at t,
 *
 *     qI = BY_MEM e^{(t - O)/tauSyn} + pU (m0 + m1 d + m2 d^2)
 *     z  = (BY_SYN + BETA d / tauSyn^2) e^{(t - O)/tauSyn} + pU (s0 + s2 d^2)
 *     BY_MEM = (qI(E) - m0 pU(E)) e^{(O - E)/tauSyn}      BY_SYN = (z(E) - s0 pU(E)) e^{(O - E)/tauSyn}
 *
 * with c = tauSyn / (tauSyn - tauMem): m0 = -c (c - 1) / tauMem, m1 = -c / tauMem^2, s0 = c^2 tauMem / tauSyn^2; where both
 * are equal m1 = -1 / tauMem^2 and m2 = s2 = 1 / (2 tauMem^3). All others are 0. Those of the inhibitory current have
 * tauSynInh for tauSyn.
 */
export let m0: f64 = 0
export let m1: f64 = 0
export let m2: f64 = 0
export let s0: f64 = 0
export let s2: f64 = 0
export let inhM0: f64 = 0
export let inhM1: f64 = 0
export let inhM2: f64 = 0
export let inhS0: f64 = 0
export let inhS2: f64 = 0

/** Of a place in an inter-spike interval, the place that belongs to it. */
export function tausOf(own: usize): usize {
  return tauSpikeIntervals() + (own - spikeIntervals())
}

/**
 * What inter-spike intervals are scaled by: those that windows leave to each other may be met by any thread.
 *
 * @param c of the scaled form, 0 where the time constants are equal
 */
export function beginTauShares<M>(c: f64): void {
  m0 = m0Of(c)
  m1 = m1Of(c, rate())
  m2 = m2Of(rate())
  s0 = s0Of(c, perTauSyn())
  s2 = m2
  if (!isTwo<M>()) return
  const cInh = inhibitoryCrossShare()
  inhM0 = m0Of(cInh)
  inhM1 = m1Of(cInh, rateInh())
  inhM2 = m2Of(rateInh())
  inhS0 = s0Of(cInh, perTauSynInh())
  inhS2 = inhM2
}

/** Of a current, by its c and its rate, which are 0 where it fades as U does. */
function m0Of(c: f64): f64 {
  return -c * (c - 1) * perTauMem()
}

function m1Of(c: f64, rate: f64): f64 {
  return (rate == 0 ? -1 : -c) * perTauMem() * perTauMem()
}

function m2Of(rate: f64): f64 {
  return rate == 0 ? 0.5 * perTauMem() * perTauMem() * perTauMem() : 0
}

function s0Of(c: f64, perSyn: f64): f64 {
  return c * c * tauMem() * perSyn * perSyn
}

export function clearTaus(spikeInterval: usize): void {
  memory.fill(tausOf(spikeInterval), 0, SPIKE_INTERVAL_TAUS)
}

/** An inter-spike interval of a lane is opened. */
export function noteTaus(own: usize, n: i32): void {
  store<f64>(tausOf(own), lane(Q_I, n), SPIKE_INTERVAL_Q_I)
  store<f64>(tausOf(own), lane(Z, n), SPIKE_INTERVAL_Z)
}

/** Makes BY_MEM and BY_SYN relative to an origin, e^{(O - E)/tauSyn} being `toSyn`. */
export function scaleTaus(own: usize, pU: f64, toSyn: f64): void {
  const at = tausOf(own)
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_Q_I) - m0 * pU) * toSyn, BY_MEM)
  store<f64>(at, (load<f64>(at, SPIKE_INTERVAL_Z) - s0 * pU) * toSyn, BY_SYN)
}
