import { height, look } from '../equations/course'
import { extremumAfter, heightAfter, maximumOfTwo } from '../equations/extremum'
import { inhibitionOf } from '../events/instant-factors'
import { beginOf, endOfInstants, firstInstant } from '../events/instants'
import { countOf, keepClimb, rest, stateAfter, stateBefore, takeUpClimb } from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, lanes, setLane } from '../lanes/lanes'
import { boundTo, isPerNeuron, isTwo, propagateTo, takeUpPerNeuronConstants, work } from '../lanes/membrane'
import { PEAK_AT_START, PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { biases, fires, horizon, laneGroups, peaks, rows, tauMem, until, weights } from '../schema/header'
import { BEST, I, J, U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INHIBITION_SHARE,
  INSTANT,
  KAPPA,
  PEAK,
  PEAK_ARRIVAL,
  PEAK_INSTANT,
  PEAK_KIND,
  PEAK_SLOPE,
  PEAK_TIME,
  PEAK_VALUE,
  ROW,
  START,
  TIME,
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_KAPPA,
} from '../schema/records'
import { countClimb, countFirstPeaks } from '../shared/traffic'
import { climb, mayExceed, sumOf, turned } from './climb'

/**
 * Finds the maxima of the lanes that did not fire in a trial, so far as it has come. What is between the last arrival and
 * the end of the window is looked at when its interval has ended.
 */
export function sweepPeaks<M>(laneGroup: i32, trial: i32): void {
  const state = stateBefore(laneGroup, trial)
  if (state == 0) beginPeaks(laneGroup, trial)
  else goOn(laneGroup, trial, state)
  if (isPerNeuron<M>()) takeUpPerNeuronConstants(laneGroup)
  const laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  const last = endOfInstants(trial) - INSTANT
  let instant = firstInstant(trial)
  countClimb<M>(instant, last)
  for (;;) {
    instant = climb<M>(instant, last, laneWeights)
    if (instant == last) {
      const kept = stateAfter(laneGroup, trial)
      if (kept != 0) keepClimb(kept)
      if (horizon() < until()) return
      if (isPerNeuron<M>()) propagateTo(instant)
    }
    passInterval<M>(laneGroup, trial, instant, laneWeights, instant == last)
    if (instant == last) return
    instant += INSTANT
  }
}

/** Nothing has happened yet. */
function beginPeaks(laneGroup: i32, trial: i32): void {
  for (let n = 0; n < 8; n++) beginLane(laneGroup, trial, n)
  countFirstPeaks()
  rest(laneGroup)
}

function beginLane(laneGroup: i32, trial: i32, n: i32): void {
  const start = -load<f64>(biases() + 64 * <usize>laneGroup + 8 * <usize>n)
  const peak = peakOf(laneGroup, trial, n)
  store<f64>(peak, start, PEAK_VALUE)
  store<f64>(peak, 0, PEAK_TIME)
  store<i32>(peak, PEAK_AT_START, PEAK_KIND)
  setLane(BEST, n, fires() && countOf(n) != 0 ? Infinity : start)
}

/** Lanes that have fired by now are not looked at any more. */
function goOn(laneGroup: i32, trial: i32, state: usize): void {
  takeUpClimb(state)
  if (!fires()) return
  for (let n = 0; n < 8; n++) if (countOf(n) != 0) beginLane(laneGroup, trial, n)
}

/** Lanes, as bits, that a bound does not rule out to come higher than ever in an interval; those that may do so inside of it. */
let higher: i32 = 0
let turning: i32 = 0

/**
 * Finds these of the interval before an instant. As each lane goes by its own state alone, what others do shows nowhere: where some
 * fire later on, windows look at intervals that whole trials pass by.
 */
function lookInto<M>(instant: usize): void {
  const zero = f64x2.splat(0)
  const by = isTwo<M>() ? inhibitionOf(instant) : 0
  const share = isTwo<M>() ? v128.load_splat<f64>(by, INHIBITION_SHARE) : zero
  higher = 0
  turning = 0
  for (let at: usize = 0, n = 0; n < 8; at += 16, n += 2) {
    const row = lanes + at
    const u = v128.load(row, U)
    const i = v128.load(row, I)
    const j = isTwo<M>() ? v128.load(row, J) : zero
    const bound = isPerNeuron<M>() ? boundTo(instant, at) : v128.load_splat<f64>(instant, BOUND)
    const exceeds = mayExceed<M>(u, i, j, bound, share, v128.load(row, BEST))
    const toU = isPerNeuron<M>() ? v128.load(work + at, WORK_DECAY_MEM) : v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = isPerNeuron<M>() ? v128.load(work + at, WORK_DECAY_SYN) : v128.load_splat<f64>(instant, DECAY_SYN)
    const across = isPerNeuron<M>() ? v128.load(work + at, WORK_KAPPA) : v128.load_splat<f64>(instant, KAPPA)
    let v = f64x2.add(f64x2.mul(u, toU), f64x2.mul(across, i))
    let y = zero
    if (isTwo<M>()) {
      v = f64x2.add(v, f64x2.mul(v128.load_splat<f64>(by, INHIBITION_KAPPA), j))
      y = f64x2.mul(j, v128.load_splat<f64>(by, INHIBITION_DECAY))
    }
    const rises = v128.and(f64x2.gt(sumOf<M>(f64x2.mul(i, toI), y), v), exceeds)
    higher |= i64x2.bitmask(exceeds) << n
    turning |= i64x2.bitmask(turned<M>(i, j, u, v, exceeds, rises)) << n
  }
}

/** Considers an interval and the arrivals at its end, lane by lane, and carries the state past them, with the roundings of `climb`. */
function passInterval<M>(laneGroup: i32, trial: i32, instant: usize, laneWeights: usize, isEnd: bool): void {
  const start = load<f64>(instant, START)
  const end = load<f64>(instant, TIME)
  const d = end - start
  const by = isTwo<M>() ? inhibitionOf(instant) : 0
  lookInto<M>(instant)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let n = 0; n < 8; n++) {
    takeUpTaus(laneGroup, n)
    const own = work + 8 * <usize>n
    const u = lane(U, n)
    let i = lane(I, n)
    let j: f64 = isTwo<M>() ? lane(J, n) : 0
    const counts = (higher & (1 << n)) != 0
    if ((turning & (1 << n)) != 0) considerCourse(laneGroup, trial, n, beginOf(trial, instant), start, u, i, j, d)
    const toU = isPerNeuron<M>() ? load<f64>(own, WORK_DECAY_MEM) : load<f64>(instant, DECAY_MEM)
    const toI = isPerNeuron<M>() ? load<f64>(own, WORK_DECAY_SYN) : load<f64>(instant, DECAY_SYN)
    const across = isPerNeuron<M>() ? load<f64>(own, WORK_KAPPA) : load<f64>(instant, KAPPA)
    let uNext = u * toU + across * i
    i *= toI
    if (isTwo<M>()) {
      uNext += load<f64>(by, INHIBITION_KAPPA) * j
      j *= load<f64>(by, INHIBITION_DECAY)
    }
    if (counts && isEnd && d < Infinity)
      consider(laneGroup, trial, n, uNext, end, PEAK_INSIDE, beginOf(trial, instant), 0)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const before = (isTwo<M>() ? i + j : i) - uNext
      const w = load<f64>(laneWeights + <usize>load<u32>(arrival, ROW) + 8 * <usize>n)
      if (isTwo<M>() && !(w >= 0)) j += w
      else i += w
      if (!counts || before < 0 || (isTwo<M>() ? i + j : i) > uNext) continue
      if (consider(laneGroup, trial, n, uNext, end, PEAK_ON_ARRIVAL, instant, before / tauMem()))
        noteArrival(laneGroup, trial, n, arrival)
    }
    setLane(U, n, uNext)
    setLane(I, n, i)
    if (isTwo<M>()) setLane(J, n, j)
  }
}

export function peakOf(laneGroup: i32, trial: i32, n: i32): usize {
  return peaks() + PEAK * (8 * (<usize>trial * <usize>laneGroups() + <usize>laneGroup) + <usize>n)
}

/** Considers the one extremum of the course from U and I on, if it is within d. */
function considerInside(laneGroup: i32, trial: i32, n: i32, instant: usize, start: f64, u: f64, i: f64, d: f64): bool {
  const t = extremumAfter(u, i)
  if (!(t >= 0 && t < d)) return false
  return consider(laneGroup, trial, n, heightAfter(u, i, t), start + t, PEAK_INSIDE, instant, 0)
}

/** The maximum inside an interval of d ms. */
export function considerCourse(
  laneGroup: i32,
  trial: i32,
  n: i32,
  instant: usize,
  start: f64,
  u: f64,
  i: f64,
  j: f64,
  d: f64,
): bool {
  if (j == 0) return i > u && considerInside(laneGroup, trial, n, instant, start, u, i, d)
  const t = maximumOfTwo(u, i, j, d)
  if (!(t >= 0 && t < d)) return false
  look(t)
  return consider(laneGroup, trial, n, height, start + t, PEAK_INSIDE, instant, 0)
}

/** Of a peak on an arrival: which. */
function noteArrival(laneGroup: i32, trial: i32, n: i32, arrival: usize): void {
  store<u32>(peakOf(laneGroup, trial, n), <u32>arrival, PEAK_ARRIVAL)
}

/** Notes a peak if it is higher than any before; of one inside an interval the instant is the one that begins it. */
export function consider(
  laneGroup: i32,
  trial: i32,
  n: i32,
  u: f64,
  time: f64,
  kind: i32,
  instant: usize,
  slope: f64,
): bool {
  if (!(u > lane(BEST, n))) return false
  setLane(BEST, n, u)
  const peak = peakOf(laneGroup, trial, n)
  store<f64>(peak, u, PEAK_VALUE)
  store<f64>(peak, time, PEAK_TIME)
  store<f64>(peak, slope, PEAK_SLOPE)
  store<i32>(peak, kind, PEAK_KIND)
  store<u32>(peak, <u32>instant, PEAK_INSTANT)
  return true
}
