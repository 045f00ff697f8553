import { arrivalsFrom, beginOf, endOfInstants, firstInstant, intervalsTo } from '../events/instants'
import { keepClimb, stateAfter, stateBefore } from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, lanes, setLane } from '../lanes/lanes'
import { consider, considerInside, noteArrival } from '../peaks/peak-notes'
import { beginPeaks, goOn } from '../peaks/peaks'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { horizon, rows, tauMem, until, weights } from '../schema/header'
import { BEST, I, U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  INSTANT,
  SPIKES,
  START,
  STATE,
  TIME,
  WEIGHTS,
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_KAPPA,
} from '../schema/records'
import { countRead, countWritten } from '../traffic'
import { boundTo, propagateTo, takeUpOwnConstants, work } from './own-factors'

let laneWeights: usize = 0

/** The same as `sweepPeaks` where neurons have a tauMem or tauSyn of their own. */
export function sweepOwnPeaks(laneGroup: i32, trial: i32): void {
  const state = stateBefore(laneGroup, trial)
  if (state == 0) beginPeaks(laneGroup, trial)
  else goOn(laneGroup, trial, state)
  takeUpOwnConstants(laneGroup)
  laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  const last = endOfInstants(trial) - INSTANT
  countClimb(firstInstant(trial), last)
  for (let instant = firstInstant(trial); ; instant += INSTANT) {
    const isEnd = instant == last
    if (isEnd) {
      const kept = stateAfter(laneGroup, trial)
      if (kept != 0) keepClimb(kept)
      if (horizon() < until()) return
    }
    propagateTo(instant)
    const higher = mayRise(instant)
    if (higher != 0) passLanes(laneGroup, trial, instant, higher, isEnd)
    else if (!isEnd) passLaneGroup(instant)
    if (isEnd) return
  }
}

/** Factors, U, I and the best so far of every lane, interval by interval, and the rows at their ends. */
function countClimb(first: usize, last: usize): void {
  const rows = arrivalsFrom(first, last)
  const intervals = intervalsTo(first, last)
  countRead(STATE, 64 * (3 + 3) * intervals)
  countWritten(STATE, 64 * (3 + 2) * intervals)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 24 * intervals + 4 * rows)
}

/** The lanes, as bits, that a bound does not rule out to come higher than ever in the interval before an instant. */
function mayRise(instant: usize): i32 {
  const zero = f64x2.splat(0)
  let some = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const bound = boundTo(instant, at)
    const driven = f64x2.mul(bound, f64x2.pmax(zero, v128.load(lanes + at, I)))
    const most = f64x2.add(f64x2.pmax(zero, v128.load(lanes + at, U)), driven)
    some |= i64x2.bitmask(f64x2.gt(most, v128.load(lanes + at, BEST))) << (<i32>at >> 3)
  }
  return some
}

/** Carries all lanes past an interval and the arrivals at its end. */
function passLaneGroup(instant: usize): void {
  const start = <usize>load<u32>(instant, ARRIVALS)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let at: usize = 0; at < 64; at += 16) {
    const here = work + at
    const u = f64x2.mul(v128.load(lanes + at, U), v128.load(here, WORK_DECAY_MEM))
    let i = v128.load(lanes + at, I)
    v128.store(lanes + at, f64x2.add(u, f64x2.mul(v128.load(here, WORK_KAPPA), i)), U)
    i = f64x2.mul(i, v128.load(here, WORK_DECAY_SYN))
    const own = laneWeights + at
    for (let arrival = start; arrival < stop; arrival += ARRIVAL)
      i = f64x2.add(i, v128.load(own + <usize>load<u32>(arrival)))
    v128.store(lanes + at, i, I)
  }
}

/** The same lane by lane, with a look at those that may come higher. */
function passLanes(laneGroup: i32, trial: i32, instant: usize, higher: i32, isEnd: bool): void {
  const time = load<f64>(instant, TIME)
  const start = load<f64>(instant, START)
  const d = time - start
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let n = 0; n < 8; n++) {
    const own = work + 8 * <usize>n
    const u = lane(U, n)
    let i = lane(I, n)
    const uNext = u * load<f64>(own, WORK_DECAY_MEM) + load<f64>(own, WORK_KAPPA) * i
    const iNext = i * load<f64>(own, WORK_DECAY_SYN)
    const counts = (higher & (1 << n)) != 0
    takeUpTaus(laneGroup, n)
    if (counts && i > u) considerInside(laneGroup, trial, n, beginOf(trial, instant), start, u, i, d)
    if (counts && isEnd && d < Infinity)
      consider(laneGroup, trial, n, uNext, time, PEAK_INSIDE, beginOf(trial, instant), 0)
    i = iNext
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const before = i - uNext
      i += load<f64>(laneWeights + <usize>load<u32>(arrival) + 8 * <usize>n)
      if (!counts || before < 0 || i > uNext) continue
      if (consider(laneGroup, trial, n, uNext, time, PEAK_ON_ARRIVAL, instant, before / tauMem()))
        noteArrival(laneGroup, trial, n, arrival)
    }
    setLane(U, n, uNext)
    setLane(I, n, i)
  }
}
