import { count, listInjections, next, nextInjection, resumeInjections, takeInside } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import {
  carryBack,
  hinge,
  inject,
  laneGroup,
  now,
  pI,
  pJ,
  pU,
  takeUp,
  takeUpInhibition,
  undoRelease,
  undoSpike,
} from '../events/own-events'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../events/tape'
import { lane, lanes, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { undoFall } from '../lanes/polynomial'
import { peakOf } from '../peaks/peaks'
import { adjoints, fires, hasInhibition, peakGradients, trials, wantsTaus } from '../schema/header'
import { I, J, LANES, NEXT_I, NEXT_J, NEXT_U, NOW, P_I, P_J, P_U, PROGRESS, U, Undoing } from '../schema/lanes'
import { DONE, INSTANT, INTERVAL, PEAK_TIME, RECORD, TAU_FACTORS, TIME } from '../schema/records'
import { setTausAside } from './taus'
import { countFalls } from './traffic'

/** Own spikes of the lane group at work in its trial that are not undone lie between these tape records. */
let record: usize = 0
let oldest: usize = 0
/** The instants at which the first interval of the window begins, and the last one. */
export let rest: usize = 0
export let last: usize = 0

/** Takes up what is to be undone of a window of a trial, maybe the last one. */
export function beginWindow(trial: i32, isLast: bool): void {
  rest = firstInstant(trial) - INSTANT
  last = endOfInstants(trial) - 2 * INSTANT
  oldest = recordsOf(laneGroup, trial)
  record = recordsEnd(laneGroup, trial)
  if (isLast) {
    listInjections(laneGroup, trial)
    if (fires() && peakGradients() != 0) hinge(trial)
  } else resume()
}

/** The own spikes of a window of polynomial lanes, which `undoFalls` undoes. */
export function countWindow(): void {
  countFalls((record - oldest) / RECORD)
}

/** Keeps how far the trial has come; the window is undone. */
export function leave(met: i32, alive: bool, end: usize, by: usize, inhibition: usize, byJ: usize): void {
  keep(met, alive, end)
  if (hasInhibition()) keepInhibition(inhibition, byJ)
  if (wantsTaus() && by != lanes + KEPT_TAU_FACTORS) memory.copy(lanes + KEPT_TAU_FACTORS, by, TAU_FACTORS)
}

/** The interval, by the instant that begins it, with the latest own event of the window that is not undone; 0: there is none. */
export function nextEvent(trial: i32): usize {
  const injection = nextInjection(laneGroup, trial, rest, last)
  const spike: usize = record == oldest ? 0 : <usize>load<u32>(record - RECORD, INTERVAL)
  return max(injection, spike)
}

/** A spike or an end of a refractory period. */
export function isSpikeIn(begin: usize): bool {
  return record > oldest && <usize>load<u32>(record - RECORD, INTERVAL) == begin
}

/**
 * Undoes the own events in an interval, the latest first. The adjoint of all lanes at its end is in P_U, P_I and P_J; of those
 * that are met it is in U, I and J, with its time in NOW.
 *
 * @param met lanes, as bits, that were met in it before; returned are all of them, negative after a fault
 */
export function undoOwnEvents(trial: i32, begin: usize, end: usize, met: i32): i32 {
  for (let n = nextLane(trial, begin); n >= 0; n = nextLane(trial, begin)) {
    if (met & (1 << n)) takeUpMet(n)
    else {
      takeUp(lane(P_U, n), lane(P_I, n), load<f64>(end, TIME))
      if (hasInhibition()) takeUpInhibition(lane(P_J, n))
    }
    undoInside(trial, begin, n)
    if (outcome != DONE) return -1
    putDown(n, U, I, J)
    setLane(NOW, n, now)
    met |= 1 << n
  }
  return met
}

/** Carries lanes that were met in an interval back to where it begins, into NEXT_U, NEXT_I and NEXT_J. */
export function passMet(met: i32, begin: usize): void {
  for (; met != 0; met &= met - 1) {
    const n = ctz(met)
    takeUpMet(n)
    carryBack(n, load<f64>(begin, TIME))
    if (wantsTaus()) setTausAside(n)
    putDown(n, NEXT_U, NEXT_I, NEXT_J)
  }
}

function takeUpMet(n: i32): void {
  takeUp(lane(U, n), lane(I, n), lane(NOW, n))
  if (hasInhibition()) takeUpInhibition(lane(J, n))
}

/**
 * Undoes the own events in an interval of polynomial lanes (lanes/polynomial.ts), the latest first. The adjoint of all lanes at its
 * start, as if there were none, is in NEXT_U and NEXT_I. False after a fault.
 */
export function undoFalls(trial: i32, begin: usize): bool {
  while (isSpikeIn(begin)) {
    record -= RECORD
    if (!undoFall(trial, laneOf(record), record)) return false
  }
  for (let n = takeInside(laneGroup, trial, begin); n >= 0; n = takeInside(laneGroup, trial, begin)) {
    inject(trial, n, load<f64>(peakOf(laneGroup, trial, n), PEAK_TIME))
    carryBack(n, load<f64>(begin, TIME))
    putDown(n, NEXT_U, NEXT_I, NEXT_J)
  }
  return true
}

/** Keeps the adjoint of the lane at work in some rows. */
function putDown(n: i32, u: usize, i: usize, j: usize): void {
  setLane(u, n, pU)
  setLane(i, n, pI)
  if (hasInhibition()) setLane(j, n, pJ)
}

/** The lane of the latest own event in an interval that is not undone, or -1: spikes lane by lane, then injections. */
function nextLane(trial: i32, begin: usize): i32 {
  return isSpikeIn(begin) ? laneOf(record - RECORD) : takeInside(laneGroup, trial, begin)
}

/** Undoes what is inside an interval of the lane at work: its spikes and ends of refractory periods, or else an injection. */
function undoInside(trial: i32, begin: usize, n: i32): void {
  if (!isSpikeIn(begin)) {
    inject(trial, n, load<f64>(peakOf(laneGroup, trial, n), PEAK_TIME))
  }
  while (isSpikeIn(begin) && laneOf(record - RECORD) == n) {
    record -= RECORD
    if (isRelease(record)) undoRelease(n, record)
    else if (!undoSpike(trial, n, record)) return
  }
}

/**
 * How far a lane group has come in a trial on the way back, between two windows. Its lanes are kept as they are: the adjoint
 * of the lanes that were met in the current interval is in rows of their own, with their time; that of the other lanes
 * is the one at the end of the interval.
 */

/** What `writeTauFactors` has noted of the instant that ends the interval. */
export const KEPT_TAU_FACTORS: usize = PROGRESS + Undoing.TAU_FACTORS

/** The lanes of a lane group in a trial. */
export function adjointOf(laneGroup: i32, trial: i32): usize {
  return adjoints() + LANES * (<usize>laneGroup * <usize>trials() + <usize>trial)
}

export function metLanes(): i32 {
  return load<i32>(lanes, PROGRESS + Undoing.MET)
}

export function isAlive(): bool {
  return load<i32>(lanes, PROGRESS + Undoing.IS_ALIVE) != 0
}

export function endOfInterval(): usize {
  return <usize>load<u32>(lanes, PROGRESS + Undoing.END)
}

/** Of that instant, where there are two currents: addresses, as windows that are undone stay where they are. */
export function inhibitionOfEnd(): usize {
  return <usize>load<u32>(lanes, PROGRESS + Undoing.INHIBITION)
}

export function inhibitoryTauFactorsOfEnd(): usize {
  return <usize>load<u32>(lanes, PROGRESS + Undoing.INHIBITORY_TAU_FACTORS)
}

function keepInhibition(inhibition: usize, tauFactors: usize): void {
  store<u32>(lanes, <u32>inhibition, PROGRESS + Undoing.INHIBITION)
  store<u32>(lanes, <u32>tauFactors, PROGRESS + Undoing.INHIBITORY_TAU_FACTORS)
}

function resume(): void {
  resumeInjections(load<i32>(lanes, PROGRESS + Undoing.LISTED), load<i32>(lanes, PROGRESS + Undoing.TAKEN))
}

function keep(met: i32, alive: bool, end: usize): void {
  store<i32>(lanes, met, PROGRESS + Undoing.MET)
  store<i32>(lanes, alive ? 1 : 0, PROGRESS + Undoing.IS_ALIVE)
  store<u32>(lanes, <u32>end, PROGRESS + Undoing.END)
  store<i32>(lanes, count, PROGRESS + Undoing.LISTED)
  store<i32>(lanes, next, PROGRESS + Undoing.TAKEN)
}
