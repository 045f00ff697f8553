import {
  decayInh,
  decayMem,
  decaySyn,
  kappa,
  kappaInh,
  leastShare,
  propagate,
  propagateInhibition,
} from '../equations/propagator'
import { injectedInto } from '../events/injections'
import { laneGroup, laneWeights } from '../events/own-events'
import { countOf, stateAfter, stateBefore } from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, setLane } from '../lanes/lanes'
import { consider, considerCourse, peakOf } from '../peaks/peaks'
import { PEAK_AT_START, PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import {
  fires,
  hasInhibition,
  horizon,
  peakGradients,
  peakKappa,
  peakTime,
  perTauMem,
  reached,
  rows,
  size,
  starts,
  tauMem,
  until,
  weights,
} from '../schema/header'
import { BEST, EVENTS } from '../schema/lanes'
import {
  DELAYED_PEAK_SINCE,
  EVENT,
  PEAK_ARRIVAL,
  PEAK_INSTANT,
  PEAK_KIND,
  PEAK_SLOPE,
  PEAK_TIME,
  PEAK_VALUE,
  STATE_BEST,
  STATE_CLIMB_I,
  STATE_CLIMB_J,
  STATE_CLIMB_SINCE,
  STATE_CLIMB_U,
} from '../schema/records'
import { ARRIVAL_NUMBER, ARRIVAL_UNIT, ARRIVES, isUndone, listArrivals, listed, rowOfArrival } from './arrivals'
import { delayGradient, rowAt } from './unit-rows'

/**
 * Finds the maximum of a lane's voltage over a trial, unless it fires, so far as it has come. What is between the last
 * arrival and the end of the window is looked at when its interval has ended.
 */
export function climbDelayed(laneGroup: i32, trial: i32, n: i32, first: usize, end: usize): void {
  takeUpTaus(laneGroup, n)
  const peak = peakOf(laneGroup, trial, n)
  const state = stateBefore(laneGroup, trial)
  const own = state + 8 * <usize>n
  const start = load<f64>(starts() + 64 * <usize>laneGroup + 8 * <usize>n)
  const isSplit = hasInhibition()
  const hasFired = fires() && countOf(n) != 0
  if (state == 0 || hasFired) {
    store<f64>(peak, start, PEAK_VALUE)
    store<f64>(peak, 0, PEAK_TIME)
    store<i32>(peak, PEAK_AT_START, PEAK_KIND)
  }
  if (hasFired) return
  const laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup + 8 * <usize>n
  setLane(BEST, n, state == 0 ? start : load<f64>(own, STATE_BEST))
  let u = state == 0 ? start : load<f64>(own, STATE_CLIMB_U)
  let i: f64 = state == 0 ? 0 : load<f64>(own, STATE_CLIMB_I)
  let j: f64 = state == 0 || !isSplit ? 0 : load<f64>(own, STATE_CLIMB_J)
  let time: f64 = state == 0 ? 0 : load<f64>(own, STATE_CLIMB_SINCE)
  const stop = listArrivals(laneGroup, n, first, end, reached(), horizon())
  for (let arrival = listed; arrival < stop; arrival += EVENT) {
    const next = load<f64>(arrival, ARRIVES)
    const d = next - time
    if (d > 0) {
      propagate(d)
      const toU = decayMem
      const toI = decaySyn
      const across = kappa
      if (j != 0) propagateInhibition(d)
      const toJ = decayInh
      const acrossJ = kappaInh
      passInterval(laneGroup, trial, n, time, u, i, j, d)
      u = u * toU + across * i
      i = i * toI
      if (j != 0) {
        u += acrossJ * j
        j *= toJ
      }
      time = next
    }
    const before = i + j - u
    const w = load<f64>(laneWeights + rowOfArrival(arrival))
    if (w < 0 && isSplit) j += w
    else i += w
    if (before < 0 || i + j > u || !consider(laneGroup, trial, n, u, time, PEAK_ON_ARRIVAL, 0, before / tauMem()))
      continue
    store<u32>(peak, load<u32>(arrival, ARRIVAL_UNIT), PEAK_ARRIVAL)
    store<u32>(peak, load<u32>(arrival, ARRIVAL_NUMBER), PEAK_INSTANT)
  }
  const kept = stateAfter(laneGroup, trial)
  if (kept != 0) {
    store<f64>(kept + 8 * <usize>n, u, STATE_CLIMB_U)
    store<f64>(kept + 8 * <usize>n, i, STATE_CLIMB_I)
    if (isSplit) store<f64>(kept + 8 * <usize>n, j, STATE_CLIMB_J)
    store<f64>(kept + 8 * <usize>n, time, STATE_CLIMB_SINCE)
    store<f64>(kept + 8 * <usize>n, lane(BEST, n), STATE_BEST)
  }
  if (horizon() < until()) return
  const d = until() - time
  propagate(d)
  let last = u * decayMem + kappa * i
  if (j != 0) {
    propagateInhibition(d)
    last += kappaInh * j
  }
  passInterval(laneGroup, trial, n, time, u, i, j, d)
  if (d < Infinity && consider(laneGroup, trial, n, last, until(), PEAK_INSIDE, 0, 0))
    store<f64>(peak, time, DELAYED_PEAK_SINCE)
}

/** Considers the extremum inside an interval; its propagator has just been asked for. */
function passInterval(laneGroup: i32, trial: i32, n: i32, start: f64, u: f64, i: f64, j: f64, d: f64): void {
  if (j == 0 && !(i > u)) return
  // Of inhibition at least a share is with I whenever U is looked at.
  const current = j == 0 ? i : i + leastShare(start + d) * j
  if (!(max(u, 0) + (d < peakTime() ? kappa : peakKappa()) * max(current, 0) > lane(BEST, n))) return
  if (considerCourse(laneGroup, trial, n, 0, start, u, i, j, d))
    store<f64>(peakOf(laneGroup, trial, n), start, DELAYED_PEAK_SINCE)
}

/** The lanes, as bits, whose maximum the loss looks at and which sits on an arrival that may be undone. */
export function lanesOnArrival(trial: i32): i32 {
  if (peakGradients() == 0) return 0
  let bits = 0
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const peak = peakOf(laneGroup, trial, n)
    if (load<i32>(peak, PEAK_KIND) != PEAK_ON_ARRIVAL || !isUndone(load<f64>(peak, PEAK_TIME))) continue
    if (injectedInto(laneGroup, trial, n) != 0) bits |= 1 << n
  }
  return bits
}

/** Of a lane whose maximum sits on an arrival: what one at the same time adds. */
export function undoAtPeak(trial: i32, time: f64, row: usize, unit: u32, number: u32, n: i32): void {
  const event = eventAtPeak(trial, n, time, unit, number)
  const place = delayGradient + row + 8 * <usize>n
  store<f64>(place, load<f64>(place) + event)
  setLane(EVENTS, n, lane(EVENTS, n) + event)
}

/**
 * The gradient event of an arrival at a lane whose maximum sits on one: at the very time of the peak that one moves it by
 * its slope; those before it act on the voltage at once, those after it don't. At other times 0.
 *
 * @param number of the spike at one of the rows of its unit
 */
function eventAtPeak(trial: i32, n: i32, time: f64, unit: u32, number: u32): f64 {
  const peak = peakOf(laneGroup, trial, n)
  if (load<f64>(peak, PEAK_TIME) != time) return 0
  takeUpTaus(laneGroup, n)
  const q = injectedInto(laneGroup, trial, n)
  const peakUnit = load<u32>(peak, PEAK_ARRIVAL)
  const peakNumber = load<u32>(peak, PEAK_INSTANT)
  if (unit == peakUnit && number == peakNumber) return q * load<f64>(peak, PEAK_SLOPE)
  if (unit > peakUnit || (unit == peakUnit && number > peakNumber)) return 0
  return -load<f64>(laneWeights + rowAt(unit, number) + 8 * <usize>n) * (q * perTauMem())
}
