import {
  adaptationAfter,
  decayInh,
  decayMem,
  decaySyn,
  kappa,
  kappaInh,
  propagate,
  propagateInhibition,
} from '../equations/propagator'
import { beginTaus, carryTausBack, lowerAdaptation, startCourse } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
import { fillLanes, lane, setLane } from '../lanes/lanes'
import { fail, outcome } from '../lanes/outcome'
import { expm1 } from '../numerics/exp'
import { GRAZING } from '../schema/constants'
import * as header from '../schema/header'
import { AT_END, EVENT_P_U, EVENT_TIME, P_A, P_A_TIME } from '../schema/lanes'
import {
  CURRENT,
  DONE,
  GRADIENT_BY_ADAPT_STEP,
  GRADIENT_BY_THRESHOLD,
  GRADIENT_OVERFLOWS,
  GRADIENTS,
  RECORD,
  SLOPE_IS_UNDEFINED,
  SPIKE_ADAPTATION,
  SPIKE_TIME,
  SPIKES,
  STATE,
  TAPE,
} from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'
import { injectedInto } from './injections'
import { placeOf } from './tape'

/** The lane group that is undone, its weights, and the grazing crossings it met. */
export let laneGroup: i32 = 0
export let laneWeights: usize = 0
export let grazings: i32 = 0

/**
 * The lane group's gradient of the chunk of trials, or of the trial: rows of weights, then bias, threshold, adaptStep, then
 * rows of delays, then time constants.
 */
export let gradient: usize = 0

export function beginLaneGroup(which: i32): void {
  laneGroup = which
  laneWeights = header.weights() + 64 * <usize>header.rows() * <usize>laneGroup
  grazings = 0
}

/** Adjoint of the lane at work, and how far it has been carried back. */
export let pU: f64 = 0
export let pI: f64 = 0
export let pJ: f64 = 0
export let now: f64 = 0

/** The trials that follow add to a vector. */
export function addTo(vector: usize): void {
  gradient = vector
}

/** The hinge strength · (threshold - max V) of silent neurons: -strength on max V, +strength on the threshold. */
export function hinge(trial: i32): void {
  const own = gradient + 64 * <usize>header.rows() + GRADIENT_BY_THRESHOLD
  for (let n = 0; n < 8 && 8 * laneGroup + n < header.size(); n++) {
    const at = own + 8 * <usize>n
    store<f64>(at, load<f64>(at) - injectedInto(laneGroup, trial, n))
    countBoth(GRADIENTS, 8)
    countRead(STATE, 8)
  }
}

/** Nothing acts on any lane after the end of a trial. */
export function beginOwnEvents(): void {
  fillLanes(P_A, 0)
  countWritten(STATE, 64)
  if (header.refractories() != 0) {
    fillLanes(AT_END, 0)
    countWritten(STATE, 64)
  }
  if (hasSpikeIntervals()) {
    fillLanes(EVENT_P_U, 0)
    countWritten(STATE, 64)
  }
  if (!header.wantsTaus()) return
  beginTaus()
  countWritten(STATE, 64 * (header.hasInhibition() ? 6 : 4))
}

/** Whether the intervals between own events matter: to the bias and the time constants alone. */
function hasSpikeIntervals(): bool {
  return header.wantsBias() || header.wantsTaus()
}

/** Takes a lane up, with its adjoint at a time. */
export function takeUp(u: f64, i: f64, time: f64): void {
  pU = u
  pI = i
  pJ = 0
  now = time
}

/** Of the lane that was taken up, the adjoint of its inhibitory current, where there are two. */
export function takeUpInhibition(j: f64): void {
  pJ = j
}

/** The flow of the lane at work back to `time`. */
export function carryBack(n: i32, time: f64): void {
  takeUpTaus(laneGroup, n)
  const d = now - time
  now = time
  if (!(d > 0)) return
  propagate(d)
  if (header.hasInhibition()) propagateInhibition(d)
  if (header.wantsTaus()) carryTausBack(n, d, pU, pI, pJ)
  if (header.hasInhibition()) pJ = decayInh * pJ + kappaInh * pU
  pI = decaySyn * pI + kappa * pU
  pU = decayMem * pU
}

/** What is carried back to an own event beside the adjoint: qU, and q and z of every current. */
function countCarriedTaus(): void {
  if (header.wantsTaus()) countBoth(STATE, header.hasInhibition() ? 40 : 24)
}

/** End of a refractory period of the lane at work: cRef = -pU (I + bias - vReset) / tauMem, kept for its spike;  pU := 0. */
export function undoRelease(n: i32, record: usize): void {
  const time = load<f64>(record, SPIKE_TIME)
  const reset = load<f64>(header.resets() + 64 * <usize>laneGroup + 8 * <usize>n)
  carryBack(n, time)
  countRead(TAPE, RECORD)
  countWritten(STATE, 8)
  countCarriedTaus()
  if (hasSpikeIntervals()) closeSpikeInterval(n, time, reset)
  setLane(AT_END, n, restart(load<f64>(record, CURRENT), reset))
  pU = 0
  if (hasSpikeIntervals()) openSpikeInterval(n, time, pU)
}

/** dL/d(instant at which V leaves vReset) under a current. */
function restart(current: f64, reset: f64): f64 {
  return (-pU * (current - reset)) / header.tauMem()
}

/** The same of a spike: it takes the end of its refractory period along. */
function restartOf(n: i32, at: usize, current: f64): f64 {
  if (header.refractories() == 0 || load<f64>(header.refractories() + at) == 0)
    return restart(current, load<f64>(header.resets() + at))
  // Of a spike whose period the trial ends in, nothing; all others come after the end of theirs.
  countRead(STATE, 8)
  return lane(AT_END, n)
}

/**
 * Own spike of the lane at work at s:
 *
 *     c = delta + cRef + pA adaptStep / tauAdapt,   cRef as at the end of its refractory period, or as if that were here
 *     dL/dadaptStep += pA      r = c / gdot      dL/dthreshold += r      pA := pA + r      pU := -r
 *
 * A rate band adds its gradient to r, see src/dynamics/models/rate-band.ts. False after a fault.
 */
export function undoSpike(trial: i32, n: i32, record: usize): bool {
  const time = load<f64>(record, SPIKE_TIME)
  const current = load<f64>(record, CURRENT)
  carryBack(n, time)
  // The record, dL/dt, pA and its time, the gradients.
  countRead(TAPE, RECORD)
  countRead(SPIKES, 8)
  countBoth(STATE, 16)
  countBoth(GRADIENTS, 16)
  countCarriedTaus()
  const at: usize = 64 * <usize>laneGroup + 8 * <usize>n
  if (hasSpikeIntervals()) closeSpikeInterval(n, time, load<f64>(header.resets() + at))
  if (header.wantsTaus()) lowerAdaptation(n, time, load<f64>(header.adaptSteps() + at), gradient)
  const pA = adaptationAt(n, time)
  const cRef = restartOf(n, at, current)
  const delta = load<f64>(header.deltas() + 8 * <usize>placeOf(record))
  const total = delta + cRef + (pA * load<f64>(header.adaptSteps() + at)) / header.tauAdapt()
  let r = total == 0 ? 0 : shift(n, at, record, time, total, current)
  if (header.rateGradients() != 0)
    r -= load<f64>(
      header.rateGradients() + 64 * (<usize>trial * <usize>header.laneGroups() + <usize>laneGroup) + 8 * <usize>n,
    )
  const own = gradient + 64 * <usize>header.rows() + 8 * <usize>n
  store<f64>(own, load<f64>(own, GRADIENT_BY_THRESHOLD) + r, GRADIENT_BY_THRESHOLD)
  store<f64>(own, load<f64>(own, GRADIENT_BY_ADAPT_STEP) + pA, GRADIENT_BY_ADAPT_STEP)
  setLane(P_A, n, pA + r)
  setLane(P_A_TIME, n, time)
  pU = -r
  if (hasSpikeIntervals()) openSpikeInterval(n, time, pU)
  return outcome == DONE
}

/** r = c / gdot with gdot = (I + bias - theta) / tauMem + A / tauAdapt, the slope of V - theta at the crossing. */
function shift(n: i32, at: usize, record: usize, time: f64, total: f64, current: f64): f64 {
  // A spike at the very start of a trial (threshold <= 0) is no crossing: nothing moves it.
  if (time == 0) return 0
  // Of a lane without adaptation something else may stand there.
  const a = load<f64>(header.adaptSteps() + at) == 0 ? 0 : load<f64>(record, SPIKE_ADAPTATION)
  const theta = load<f64>(header.thresholds() + at) + a
  const slope = (current - theta) / header.tauMem() + a / header.tauAdapt()
  return checkedShift(n, at, time, total, slope, theta)
}

/** r = c / gdot, or 0 where the slope is too small for it, which is counted; a fault where that is refused. */
export function checkedShift(n: i32, at: usize, time: f64, total: f64, slope: f64, theta: f64): f64 {
  const grazes = slope * header.tauMem() < GRAZING * abs(theta + load<f64>(header.biases() + at))
  if (grazes) grazings++
  const r = total / slope
  if (slope > 0 && abs(r) < Infinity) return r
  // What is left out has been counted.
  const isLeftOut = !header.refusesUndefinedSlope() && (grazes || slope <= 0)
  if (!isLeftOut) fail(slope > 0 ? GRADIENT_OVERFLOWS : SLOPE_IS_UNDEFINED, n, time, slope)
  return 0
}

export function adaptationAt(n: i32, time: f64): f64 {
  return inline.always(adaptationAfter(lane(P_A, n), lane(P_A_TIME, n) - time))
}

/** The first inter-spike interval of every lane begins with V = 0. */
export function closeFirstSpikeIntervals(): void {
  if (!hasSpikeIntervals()) return
  for (let n = 0; n < 8; n++) {
    takeUpTaus(laneGroup, n)
    closeSpikeInterval(n, 0, load<f64>(header.starts() + 64 * <usize>laneGroup + 8 * <usize>n))
  }
}

/**
 * The interval between a lane's own events, which begins with U = u: dL/dbias += pU (1 - e^{-D/tauMem}), pU at its later
 * end.
 */
export function closeSpikeInterval(n: i32, time: f64, u: f64): void {
  const p = lane(EVENT_P_U, n)
  countRead(STATE, p == 0 ? 8 : 16)
  if (p == 0) return
  if (header.wantsTaus()) startCourse(n, u, p, lane(EVENT_TIME, n) - time, gradient)
  if (!header.wantsBias()) return
  countBoth(GRADIENTS, 8)
  const bias = gradient + 64 * <usize>header.rows() + 8 * <usize>n
  store<f64>(bias, load<f64>(bias) - p * expm1(-(lane(EVENT_TIME, n) - time) / header.tauMem()))
}

/** On the way back, an inter-spike interval of a lane begins with its pU. */
export function openSpikeInterval(n: i32, time: f64, p: f64): void {
  setLane(EVENT_P_U, n, p)
  setLane(EVENT_TIME, n, time)
  countWritten(STATE, 16)
}

/** A loss on the voltage of a lane that has no adjoint yet: pU := dL/dV. */
export function inject(trial: i32, n: i32, time: f64): void {
  // Of the peak: when it is, and in which interval.
  countRead(TAPE, 12)
  countRead(STATE, 8)
  takeUp(injectedInto(laneGroup, trial, n), 0, time)
  if (hasSpikeIntervals()) openSpikeInterval(n, time, pU)
}
