import { earlyMoment, exp, expm1, lateMoment } from '../numerics/exp'
import {
  firstSpikeIntervals,
  ownEnd,
  ownFirst,
  pairs,
  spikeIntervalsAt,
  tauMemSums,
  tauStates,
  tauSynSums,
} from '../schema/adjoint-header'
import {
  OPEN_CUT,
  OWN_EVENT,
  OWN_NEURON,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_BY_TAUS,
  SPIKE_INTERVAL_CUT,
  SPIKE_INTERVAL_END,
  SPIKE_INTERVAL_PAIR,
  TAU_STATE,
  TAU_STATE_BY_TAUS,
  TAU_STATE_END,
  UNSCALED_ADJOINT,
  UNSCALED_SPIKE_INTERVAL,
  UNSCALED_TAUS,
} from '../schema/adjoint-records'
import { binStart, isSheared, perTaus, share, shearRate } from '../schema/window-header'
import { isScaled } from './forms'
import { adjointSheared, growths, shear } from './growth'
import { adjointOf, adjointTausOf } from './unscaled/adjoint'

// Between two of its own events nothing acts on the adjoint of a neuron, p = dL/d(I, V):
//
//     pV(t) = U(t)      pI(t) = B(t) + share U(t)      B(t) = B e^{x/tauSyn}      U(t) = U e^{x/tauMem}
//
// with x from the start of the bin. So an inter-spike interval is a pair (B, U), as it would be at that start. Neurons
// without an own event in the bin have one pair; those that have, an inter-spike interval before each and one behind the
// last.

/** Behind the last inter-spike interval. */
let end: usize = 0

export function beginSpikeIntervals(): void {
  end = spikeIntervalsAt()
}

/** The adjoint of a neuron is that of arrivals before x, or later ones have taken theirs. */
export function openSpikeInterval<F>(n: i32, cut: f64): void {
  const at = end
  end += sizeOf<F>()
  if (isScaled<F>()) {
    v128.store(at, v128.load(pairs() + 16 * <usize>n), SPIKE_INTERVAL_PAIR)
    if (tauStates() != 0) {
      const state = tauStates() + TAU_STATE * <usize>n
      v128.store(at, v128.load(state, TAU_STATE_BY_TAUS), SPIKE_INTERVAL_BY_TAUS)
      store<f64>(at, load<f64>(state, TAU_STATE_END), SPIKE_INTERVAL_END)
    }
  } else {
    // An `UNSCALED_ADJOINT`, and `UNSCALED_TAUS` behind it.
    memory.copy(at, adjointOf(n), UNSCALED_ADJOINT)
    const taus = adjointTausOf(n)
    if (taus != 0) memory.copy(at + UNSCALED_ADJOINT, taus, UNSCALED_TAUS)
  }
  if (isScaled<F>()) store<f64>(at, cut, SPIKE_INTERVAL_CUT)
  else store<f64>(at, cut, OPEN_CUT)
  store<u32>(firstSpikeIntervals() + 4 * <usize>n, <u32>at)
}

function cutOf<F>(spikeInterval: usize): f64 {
  return isScaled<F>() ? load<f64>(spikeInterval, SPIKE_INTERVAL_CUT) : load<f64>(spikeInterval, OPEN_CUT)
}

function sizeOf<F>(): usize {
  return isScaled<F>() ? SPIKE_INTERVAL : UNSCALED_SPIKE_INTERVAL
}

/** The inter-spike interval that something at x belongs to: an arrival comes after an own event at the same time. */
export function spikeIntervalAt<F>(first: usize, x: f64): usize {
  let spikeInterval = first
  while (!(x < cutOf<F>(spikeInterval))) spikeInterval -= sizeOf<F>()
  return spikeInterval
}

/** The neurons have one pair each again. */
export function closeSpikeIntervals(): void {
  for (let event = ownFirst(); event < ownEnd(); event += OWN_EVENT)
    store<u32>(firstSpikeIntervals() + 4 * <usize>load<u32>(event, OWN_NEURON), 0)
}

/** (1, share): makes of B and U what pI is the sum of. */
export function shares(): v128 {
  return f64x2.replace_lane(f64x2.splat(share()), 0, 1)
}

/** What makes of B and U the two terms of pI at x, growing until then. */
export function termsAt(growth: v128, x: f64): v128 {
  if (!isSheared()) return f64x2.mul(growth, shares())
  const ofSyn = f64x2.extract_lane(growth, 0)
  return f64x2.replace_lane(f64x2.splat(ofSyn), 1, -ofSyn * shear(x))
}

/** pI/tauSyn - pV/tauMem, in the form of nearly equal time constants; in the other one the terms of pI have it by themselves. */
export function flowOf(terms: v128, pair: v128, growth: v128): f64 {
  const pI = f64x2.extract_lane(terms, 0) + f64x2.extract_lane(terms, 1)
  const pV = f64x2.extract_lane(pair, 1) * f64x2.extract_lane(growth, 1)
  return pI * f64x2.extract_lane(perTaus(), 0) - pV * f64x2.extract_lane(perTaus(), 1)
}

// The gradient by the time constants, see src/dynamics/models/tau-adjoint.ts, in an inter-spike interval that ends at E, c = -share:
//
//     qU(t) = (E - t)/tauMem^2 U(t)      qI(t) = Q(t) - (c^2/tauSyn + c (E - t)/tauMem^2) U(t)
//     z(t) = Z(t) + (E - t)/tauSyn^2 B(t) + c^2 tauMem/tauSyn^2 U(t)
//
// Q and Z decay with tauSyn alone: like B and U they are kept as they would be at the start of the bin.

/** Of the event at work: qU, qI and z. */
let qU: f64 = 0
let qI: f64 = 0
let z: f64 = 0

/** c^2/tauSyn */
function ofMembrane(): f64 {
  return share() * share() * f64x2.extract_lane(perTaus(), 0)
}

/** c^2 tauMem/tauSyn^2 */
function ofSynapse(): f64 {
  return (ofMembrane() * f64x2.extract_lane(perTaus(), 0)) / f64x2.extract_lane(perTaus(), 1)
}

/**
 * Works out q and z at a time.
 *
 * @param now B and U then
 * @param growth e^{x/tauSyn}
 */
function workOut(byTaus: v128, growth: f64, d: f64, now: v128): void {
  if (isSheared()) {
    workOutSheared(byTaus, growth, d, now)
    return
  }
  const perSyn = f64x2.extract_lane(perTaus(), 0)
  const perMem = f64x2.extract_lane(perTaus(), 1)
  const pV = f64x2.extract_lane(now, 1)
  const turn = d * perMem * perMem
  qU = turn * pV
  qI = f64x2.extract_lane(byTaus, 0) * growth - (ofMembrane() - share() * turn) * pV
  const later = d * perSyn * perSyn * f64x2.extract_lane(now, 0)
  z = f64x2.extract_lane(byTaus, 1) * growth + later + ofSynapse() * pV
}

/**
 * The same for nearly equal time constants, where `now` is pI and pV, and Q and Z are all that came from behind E. With the
 * derivatives of kappa over d = E - t, e^{d/tauMem} times as large, which are first moments of e^{-rate x}:
 *
 *     qI = Q(t) + dkappa/dtauMem pV      z = Z(t) + d/tauSyn^2 (pI - g(d) pV) + dkappa/dtauSyn pV
 */
function workOutSheared(byTaus: v128, growth: f64, d: f64, now: v128): void {
  const perSyn = f64x2.extract_lane(perTaus(), 0)
  const perMem = f64x2.extract_lane(perTaus(), 1)
  const pV = f64x2.extract_lane(now, 1)
  qU = d * perMem * perMem * pV
  qI = f64x2.extract_lane(byTaus, 0) * growth
  z = f64x2.extract_lane(byTaus, 1) * growth + d * perSyn * perSyn * f64x2.extract_lane(now, 0)
  if (pV == 0) return
  const y = d * shearRate()
  const least = abs(y)
  const late = lateMoment(least)
  const early = earlyMoment(least, late)
  const growing = y < 0 ? exp(least) : 1
  const ofMem = d * d * growing * (y < 0 ? early : late)
  const ofSyn = d * d * growing * (y < 0 ? late : early)
  const g = y == 0 ? d * perMem : (-expm1(-y) / shearRate()) * perMem
  qI += pV * (ofMem * perMem * perMem - g) * perMem
  z += pV * perSyn * perSyn * (ofSyn * perMem - d * g)
}

/** The inter-spike interval behind an own event comes to its start. */
export function meetTaus(n: i32, x: f64, time: f64, now: v128): void {
  const state = tauStates() + TAU_STATE * <usize>n
  const growth = f64x2.extract_lane(growths(x), 0)
  workOut(v128.load(state, TAU_STATE_BY_TAUS), growth, load<f64>(state, TAU_STATE_END) - time, now)
}

/** V begins a free course at u above the bias, whatever it was before: dL/dtauMem += u qU. */
export function startTaus(n: i32, u: f64): void {
  const at = tauMemSums() + 8 * <usize>n
  store<f64>(at, load<f64>(at) + u * qU)
}

/** Opens the inter-spike interval before an own event with pV, at a decay of e^{-x/tauSyn} from it. */
export function leaveTaus(n: i32, time: f64, pV: f64, decay: f64): void {
  const state = tauStates() + TAU_STATE * <usize>n
  const q = isSheared() ? qI : qI + ofMembrane() * pV
  const rest = isSheared() ? z : z - ofSynapse() * pV
  v128.store(state, f64x2.mul(f64x2.replace_lane(f64x2.splat(q), 1, rest), f64x2.splat(decay)), TAU_STATE_BY_TAUS)
  store<f64>(state, time, TAU_STATE_END)
}

/** An arrival: dL/dtauMem += w qI, dL/dtauSyn += w z. */
export function arriveTaus(n: i32, spikeInterval: usize, time: f64, growth: v128, pair: v128, weight: f64): void {
  const state = tauStates() + TAU_STATE * <usize>n
  const byTaus =
    spikeInterval == 0 ? v128.load(state, TAU_STATE_BY_TAUS) : v128.load(spikeInterval, SPIKE_INTERVAL_BY_TAUS)
  const end = spikeInterval == 0 ? load<f64>(state, TAU_STATE_END) : load<f64>(spikeInterval, SPIKE_INTERVAL_END)
  workOut(byTaus, f64x2.extract_lane(growth, 0), end - time, f64x2.mul(adjointSheared(pair, time - binStart()), growth))
  const mem = tauMemSums() + 8 * <usize>n
  store<f64>(mem, load<f64>(mem) + weight * qI)
  const syn = tauSynSums() + 8 * <usize>n
  store<f64>(syn, load<f64>(syn) + weight * z)
}
