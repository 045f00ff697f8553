import { arrivalsFrom, endOfInstants, firstInstant, intervalsTo } from '../events/instants'
import { i as ownI, test as ownTest, u as ownU } from '../events/own-spikes'
import { beginCounts, countsOf } from '../events/spike-counts'
import {
  beginAtRest,
  closeLanes,
  open,
  putDownLanes,
  releasedBy,
  stateAfter,
  stateBefore,
  takeUpLanes,
} from '../lanes/lane-states'
import { lanes } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { ownTaus, ownWork, rows, starts, weights } from '../schema/header'
import { TEST } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DONE,
  INSTANT,
  LAST,
  OWN_TAUS,
  SPIKES,
  START,
  STATE,
  STATE_I,
  STATE_U,
  TIME,
  WEIGHTS,
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_I,
  WORK_KAPPA,
  WORK_START_I,
  WORK_START_U,
  WORK_TEST,
  WORK_U,
} from '../schema/records'
import { countRead, countWritten } from '../traffic'
import { nextDue, takeUpTests } from './forward'
import { largestKappaOf, propagateLanes } from './own-factors'
import { runLane, runOpenLane } from './settle'

/** Those of the lane group at work, and where it is worked on. */
let taus: usize = 0
let work: usize = 0
let laneWeights: usize = 0

/**
 * The same as `runShared` where neurons have a tauMem or tauSyn of their own: every lane has a propagator of its own over
 * each interval, and U and I lie in rows.
 */
export function runOwnTaus(laneGroup: i32, trial: i32): void {
  const first = firstInstant(trial)
  const tail = endOfInstants(trial) - INSTANT
  const state = stateBefore(laneGroup, trial)
  taus = ownTaus() + OWN_TAUS * <usize>laneGroup
  work = ownWork()
  laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  beginCounts(laneGroup, trial)
  if (state == 0) beginAtRest()
  else takeUpLanes(state, countsOf(laneGroup, trial))
  memory.copy(work + WORK_U, state == 0 ? starts() + 64 * <usize>laneGroup : state + STATE_U, 64)
  if (state == 0) memory.fill(work + WORK_I, 0, 64)
  else memory.copy(work + WORK_I, state + STATE_I, 64)
  takeUpTests(laneGroup, state != 0)
  memory.copy(work + WORK_TEST, lanes + TEST, 64)
  // The interval in which some lanes have to be looked at in any case.
  let due = open != 0 ? first : nextDue(first, tail)
  for (let instant = first; instant < tail; instant += INSTANT) {
    let some = passInstant(instant)
    if (instant == due) some |= open | releasedBy(load<f64>(instant, LAST))
    else if (some == 0) continue
    for (; some != 0; some &= some - 1) {
      const n = ctz(some)
      const own = work + 8 * <usize>n
      if (!runLane(laneGroup, n, instant, load<f64>(own, WORK_START_U), load<f64>(own, WORK_START_I), 0)) continue
      if (outcome != DONE) return
      store<f64>(own, ownU, WORK_U)
      store<f64>(own, ownTest, WORK_TEST)
      receive(instant, n, own)
    }
    closeLanes()
    due = nextDue(instant + INSTANT, tail)
  }
  let some = open | releasedBy(load<f64>(tail, LAST))
  propagateLanes(taus, work, load<f64>(tail, TIME) - load<f64>(tail, START))
  for (let at: usize = 0; at < 64; at += 16) some |= mayFire(tail, at) << (<i32>at >> 3)
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    const own = work + 8 * <usize>n
    runOpenLane(laneGroup, n, tail, load<f64>(own, WORK_U), load<f64>(own, WORK_I), 0)
    if (outcome != DONE) return
  }
  countTrial(state == 0, first, tail)
  const kept = stateAfter(laneGroup, trial)
  if (kept == 0) return
  memory.copy(kept + STATE_U, work + WORK_U, 64)
  memory.copy(kept + STATE_I, work + WORK_I, 64)
  putDownLanes(kept, laneGroup, trial, load<f64>(tail, START))
}

/**
 * U and I to start from and what they are tested against; the intervals with their rows. Factors of every lane, its U, I
 * and where they were before, which lie in memory.
 */
function countTrial(isFirst: bool, first: usize, tail: usize): void {
  const rows = arrivalsFrom(first, tail)
  const intervals = intervalsTo(first, tail)
  if (isFirst) {
    countRead(STATE, 64 * 2)
    countWritten(STATE, 64 * 3)
  }
  countRead(STATE, 64 * (3 + 3) * intervals)
  countWritten(STATE, 64 * (3 + 4) * intervals)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 24 * intervals + 4 * rows)
}

/**
 * Carries all lanes over the interval before an instant, as if none fired, and through its arrivals; returns those, as
 * bits, that may fire in it. Where they were before stays in rows of its own.
 */
function passInstant(instant: usize): i32 {
  propagateLanes(taus, work, load<f64>(instant, TIME) - load<f64>(instant, START))
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  const start = <usize>load<u32>(instant, ARRIVALS)
  let some = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const here = work + at
    const u = v128.load(here, WORK_U)
    let i = v128.load(here, WORK_I)
    some |= mayFire(instant, at) << (<i32>at >> 3)
    v128.store(here, u, WORK_START_U)
    v128.store(here, i, WORK_START_I)
    const driven = f64x2.mul(v128.load(here, WORK_KAPPA), i)
    v128.store(here, f64x2.add(f64x2.mul(u, v128.load(here, WORK_DECAY_MEM)), driven), WORK_U)
    i = f64x2.mul(i, v128.load(here, WORK_DECAY_SYN))
    const own = laneWeights + at
    for (let arrival = start; arrival < stop; arrival += ARRIVAL)
      i = f64x2.add(i, v128.load(own + <usize>load<u32>(arrival)))
    v128.store(here, i, WORK_I)
  }
  return some
}

/**
 * Of two lanes those, as bits, that a bound does not rule out to fire in the interval before an instant, of each by the
 * largest of its own kappa in it; see `largestKappa`.
 */
function mayFire(instant: usize, at: usize): i32 {
  const zero = f64x2.splat(0)
  const d = f64x2.splat(load<f64>(instant, TIME) - load<f64>(instant, START))
  const rounding = f64x2.splat(load<f64>(instant, TIME) * f64.EPSILON)
  const here = work + at
  const bound = inline.always(largestKappaOf(taus + at, here, d, rounding))
  const driven = f64x2.mul(bound, f64x2.pmax(zero, v128.load(here, WORK_I)))
  const most = f64x2.add(f64x2.pmax(zero, v128.load(here, WORK_U)), driven)
  return i64x2.bitmask(f64x2.ge(most, v128.load(here, WORK_TEST)))
}

/** The arrivals of an instant at a lane that has had own events before it. */
function receive(instant: usize, n: i32, own: usize): void {
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  let i = ownI
  for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL)
    i += load<f64>(laneWeights + <usize>load<u32>(arrival) + 8 * <usize>n)
  store<f64>(own, i, WORK_I)
}
