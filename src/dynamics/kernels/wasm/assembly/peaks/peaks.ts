import { arrivalsFrom, beginOf, endOfInstants, firstInstant, intervalsTo } from '../events/instants'
import { countOf } from '../events/spike-counts'
import { keepClimb, stateAfter, stateBefore, takeUpClimb } from '../lanes/lane-states'
import { anyOf, lane, lanes, putRow, setLane } from '../lanes/lanes'
import { rest } from '../lanes/rest'
import { PEAK_AT_START, PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { biases, fires, hasInhibition, horizon, rows, tauMem, until, weights } from '../schema/header'
import { BEST, I, NEXT_I, NEXT_U, U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  INSTANT,
  KAPPA,
  PEAK,
  PEAK_KIND,
  PEAK_TIME,
  PEAK_VALUE,
  ROW,
  SPIKES,
  START,
  STATE,
  TAPE,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { countRead, countWritten } from '../traffic'
import { consider, considerInside, noteArrival, peakOf } from './peak-notes'
import { climbTwo, passIntervalTwo } from './two-currents-peaks'

/**
 * Finds the maxima of the lanes that did not fire in a trial, so far as it has come. What is between the last arrival and
 * the end of the window is looked at when its interval has ended.
 */
export function sweepPeaks(laneGroup: i32, trial: i32): void {
  const state = stateBefore(laneGroup, trial)
  if (state == 0) beginPeaks(laneGroup, trial)
  else goOn(laneGroup, trial, state)
  const laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  const last = endOfInstants(trial) - INSTANT
  let instant = firstInstant(trial)
  countClimb(instant, last)
  for (;;) {
    instant = hasInhibition() ? climbTwo(instant, last, laneWeights) : climb(instant, last, laneWeights)
    if (instant == last) {
      const kept = stateAfter(laneGroup, trial)
      if (kept != 0) keepClimb(kept)
      if (horizon() < until()) return
    }
    if (hasInhibition()) passIntervalTwo(laneGroup, trial, instant, laneWeights, instant == last)
    else passInterval(laneGroup, trial, instant, laneWeights, instant == last)
    if (instant == last) return
    instant += INSTANT
  }
}

/** The best so far, interval by interval, and the rows at their ends; what has a closer look does not count again. */
function countClimb(first: usize, last: usize): void {
  const intervals = intervalsTo(first, last)
  const rows = arrivalsFrom(first, last)
  countRead(STATE, 64 * intervals)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, (hasInhibition() ? 64 : 40) * intervals + 4 * rows)
}

/** Nothing has happened yet; every lane has a record, however often it is written. */
export function beginPeaks(laneGroup: i32, trial: i32): void {
  for (let n = 0; n < 8; n++) beginLane(laneGroup, trial, n)
  countWritten(TAPE, 8 * PEAK)
  countWritten(STATE, 64 * (hasInhibition() ? 4 : 3))
  if (fires()) countRead(SPIKES, 32)
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
export function goOn(laneGroup: i32, trial: i32, state: usize): void {
  takeUpClimb(state)
  if (!fires()) return
  for (let n = 0; n < 8; n++) if (countOf(n) != 0) beginLane(laneGroup, trial, n)
}

/**
 * Runs the lanes through instants as long as none has a new maximum; returns the instant that ends an interval which has
 * one for some lane, or on which one sits, with the state before that interval in U and I, that after it in NEXT_U, NEXT_I.
 */
function climb(from: usize, end: usize, laneWeights: usize): usize {
  const zero = f64x2.splat(0)
  let u0 = v128.load(lanes + U)
  let u1 = v128.load(lanes + U, 16)
  let u2 = v128.load(lanes + U, 32)
  let u3 = v128.load(lanes + U, 48)
  let i0 = v128.load(lanes + I)
  let i1 = v128.load(lanes + I, 16)
  let i2 = v128.load(lanes + I, 32)
  let i3 = v128.load(lanes + I, 48)
  let instant = from
  for (; instant < end; instant += INSTANT) {
    const bound = v128.load_splat<f64>(instant, BOUND)
    const m0 = f64x2.gt(
      f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))),
      v128.load(lanes + BEST),
    )
    const m1 = f64x2.gt(
      f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))),
      v128.load(lanes + BEST, 16),
    )
    const m2 = f64x2.gt(
      f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))),
      v128.load(lanes + BEST, 32),
    )
    const m3 = f64x2.gt(
      f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))),
      v128.load(lanes + BEST, 48),
    )
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const arrival = <usize>load<u32>(instant, ARRIVALS)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    if (!inline.always(anyOf(m0, m1, m2, m3))) {
      u0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
      u1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
      u2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
      u3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
      i0 = f64x2.mul(i0, toI)
      i1 = f64x2.mul(i1, toI)
      i2 = f64x2.mul(i2, toI)
      i3 = f64x2.mul(i3, toI)
      for (let a = arrival; a < stop; a += ARRIVAL) {
        const row = laneWeights + <usize>load<u32>(a)
        i0 = f64x2.add(i0, v128.load(row))
        i1 = f64x2.add(i1, v128.load(row, 16))
        i2 = f64x2.add(i2, v128.load(row, 32))
        i3 = f64x2.add(i3, v128.load(row, 48))
      }
      continue
    }
    // Rising before, not rising after: inside the interval, or at one of the arrivals. At the bias the slope rounds to 0.
    const v0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
    const v1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
    const v2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
    const v3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
    let j0 = f64x2.mul(i0, toI)
    let j1 = f64x2.mul(i1, toI)
    let j2 = f64x2.mul(i2, toI)
    let j3 = f64x2.mul(i3, toI)
    let rises0 = v128.and(f64x2.ge(j0, v0), m0)
    let rises1 = v128.and(f64x2.ge(j1, v1), m1)
    let rises2 = v128.and(f64x2.ge(j2, v2), m2)
    let rises3 = v128.and(f64x2.ge(j3, v3), m3)
    let turns = v128.or(
      v128.or(turned(i0, u0, m0, rises0), turned(i1, u1, m1, rises1)),
      v128.or(turned(i2, u2, m2, rises2), turned(i3, u3, m3, rises3)),
    )
    for (let a = arrival; a < stop; a += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(a)
      j0 = f64x2.add(j0, v128.load(row))
      j1 = f64x2.add(j1, v128.load(row, 16))
      j2 = f64x2.add(j2, v128.load(row, 32))
      j3 = f64x2.add(j3, v128.load(row, 48))
      const now0 = v128.and(f64x2.gt(j0, v0), m0)
      const now1 = v128.and(f64x2.gt(j1, v1), m1)
      const now2 = v128.and(f64x2.gt(j2, v2), m2)
      const now3 = v128.and(f64x2.gt(j3, v3), m3)
      const lost = v128.or(
        v128.or(v128.andnot(rises0, now0), v128.andnot(rises1, now1)),
        v128.or(v128.andnot(rises2, now2), v128.andnot(rises3, now3)),
      )
      turns = v128.or(turns, lost)
      rises0 = now0
      rises1 = now1
      rises2 = now2
      rises3 = now3
    }
    if (v128.any_true(turns)) break
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = j0
    i1 = j1
    i2 = j2
    i3 = j3
  }
  inline.always(putRow(U, u0, u1, u2, u3))
  inline.always(putRow(I, i0, i1, i2, i3))
  return instant
}

/** Of some lanes, those that rise before an interval and not at its end. */
function turned(i: v128, u: v128, among: v128, rises: v128): v128 {
  return v128.andnot(v128.and(f64x2.gt(i, u), among), rises)
}

/** Considers an interval and the arrivals at its end, lane by lane, and carries the state past them. */
function passInterval(laneGroup: i32, trial: i32, instant: usize, laneWeights: usize, isEnd: bool): void {
  const bound = load<f64>(instant, BOUND)
  const d = load<f64>(instant, TIME) - load<f64>(instant, START)
  for (let n = 0; n < 8; n++) {
    const u = lane(U, n)
    let i = lane(I, n)
    const uNext = u * load<f64>(instant, DECAY_MEM) + load<f64>(instant, KAPPA) * i
    const iNext = i * load<f64>(instant, DECAY_SYN)
    const counts = max(u, 0) + bound * max(i, 0) > lane(BEST, n)
    if (counts && i > u)
      considerInside(laneGroup, trial, n, beginOf(trial, instant), load<f64>(instant, START), u, i, d)
    if (counts && isEnd && d < Infinity)
      consider(laneGroup, trial, n, uNext, load<f64>(instant, TIME), PEAK_INSIDE, beginOf(trial, instant), 0)
    i = iNext
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const before = i - uNext
      i += load<f64>(laneWeights + <usize>load<u32>(arrival, ROW) + 8 * <usize>n)
      if (!counts || before < 0 || i > uNext) continue
      if (consider(laneGroup, trial, n, uNext, load<f64>(instant, TIME), PEAK_ON_ARRIVAL, instant, before / tauMem()))
        noteArrival(laneGroup, trial, n, arrival)
    }
    setLane(NEXT_U, n, uNext)
    setLane(NEXT_I, n, i)
  }
  memory.copy(lanes + U, lanes + NEXT_U, 64)
  memory.copy(lanes + I, lanes + NEXT_I, 64)
}
