import { arrivalsFrom, endOfInstants, firstInstant, instantFrom, intervalsTo } from '../events/instants'
import { i as ownI, test as ownTest, u as ownU, time } from '../events/own-spikes'
import { beginCounts, countOf, countsOf } from '../events/spike-counts'
import {
  beginAtRest,
  closeLanes,
  isHeld,
  nextRelease,
  open,
  openLane,
  putDownLanes,
  releasedBy,
  stateAfter,
  stateBefore,
  takeUpLanes,
} from '../lanes/lane-states'
import { copyLanes, lanes, pick, put, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { refractories, rows, starts, stopsAfterFirst, tests, weights } from '../schema/header'
import { TEST } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  DONE,
  INSTANT,
  KAPPA,
  LAST,
  SPIKES,
  START,
  STATE,
  STATE_I,
  STATE_U,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { countRead } from '../traffic'
import { carry, settle, takeUp } from './settle'

/**
 * Runs a trial of a lane group whose neurons all meet the same arrivals through a window, with U and I in registers, an
 * interval between two instants at a time. What they are after the last arrival stays; the rest of the window is looked
 * through for spikes alone, as nobody knows yet when its interval ends.
 */
export function runShared(laneGroup: i32, trial: i32): void {
  const first = firstInstant(trial)
  const tail = endOfInstants(trial) - INSTANT
  const laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  const zero = f64x2.splat(0)
  const state = stateBefore(laneGroup, trial)
  beginCounts(laneGroup, trial)
  if (state == 0) beginAtRest()
  else takeUpLanes(state, countsOf(laneGroup, trial))
  const starting = state == 0 ? starts() + 64 * <usize>laneGroup : state + STATE_U
  let u0 = v128.load(starting)
  let u1 = v128.load(starting, 16)
  let u2 = v128.load(starting, 32)
  let u3 = v128.load(starting, 48)
  let i0 = zero
  let i1 = zero
  let i2 = zero
  let i3 = zero
  if (state != 0) {
    i0 = v128.load(state, STATE_I)
    i1 = v128.load(state, STATE_I + 16)
    i2 = v128.load(state, STATE_I + 32)
    i3 = v128.load(state, STATE_I + 48)
  }
  const testing = testsOf(laneGroup, state != 0)
  let t0 = v128.load(testing)
  let t1 = v128.load(testing, 16)
  let t2 = v128.load(testing, 32)
  let t3 = v128.load(testing, 48)
  let instant = first
  // The interval in which some lanes have to be looked at in any case.
  let due = open != 0 ? first : nextDue(first, tail)
  for (;;) {
    // As long as no lane may cross its threshold.
    let some = 0
    for (; instant < tail; instant += INSTANT) {
      const bound = v128.load_splat<f64>(instant, BOUND)
      const m0 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))), t0)
      const m1 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))), t1)
      const m2 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))), t2)
      const m3 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))), t3)
      if (instant == due || v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
        some = i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
        break
      }
      const toU = v128.load_splat<f64>(instant, DECAY_MEM)
      const toI = v128.load_splat<f64>(instant, DECAY_SYN)
      const across = v128.load_splat<f64>(instant, KAPPA)
      u0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
      u1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
      u2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
      u3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
      i0 = f64x2.mul(i0, toI)
      i1 = f64x2.mul(i1, toI)
      i2 = f64x2.mul(i2, toI)
      i3 = f64x2.mul(i3, toI)
      const stop = <usize>load<u32>(instant, ARRIVALS_END)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
        const row = laneWeights + <usize>load<u32>(arrival)
        i0 = f64x2.add(i0, v128.load(row))
        i1 = f64x2.add(i1, v128.load(row, 16))
        i2 = f64x2.add(i2, v128.load(row, 32))
        i3 = f64x2.add(i3, v128.load(row, 48))
      }
    }
    if (instant == tail) break
    // The interval in which some may, one by one.
    if (instant == due) some |= open | releasedBy(load<f64>(instant, LAST))
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    let v0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
    let v1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
    let v2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
    let v3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
    let j0 = f64x2.mul(i0, toI)
    let j1 = f64x2.mul(i1, toI)
    let j2 = f64x2.mul(i2, toI)
    let j3 = f64x2.mul(i3, toI)
    for (; some != 0; some &= some - 1) {
      const n = ctz(some)
      const isOpen = (open & (1 << n)) != 0
      takeUp(n, instant, isOpen, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), 0)
      if (!settle(laneGroup, n, instant) && !isOpen) continue
      if (outcome != DONE) return
      carry(load<f64>(instant, TIME))
      switch (n >> 1) {
        case 0:
          v0 = put(v0, n, ownU)
          j0 = put(j0, n, ownI)
          t0 = put(t0, n, ownTest)
          break
        case 1:
          v1 = put(v1, n, ownU)
          j1 = put(j1, n, ownI)
          t1 = put(t1, n, ownTest)
          break
        case 2:
          v2 = put(v2, n, ownU)
          j2 = put(j2, n, ownI)
          t2 = put(t2, n, ownTest)
          break
        default:
          v3 = put(v3, n, ownU)
          j3 = put(j3, n, ownI)
          t3 = put(t3, n, ownTest)
      }
    }
    closeLanes()
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      j0 = f64x2.add(j0, v128.load(row))
      j1 = f64x2.add(j1, v128.load(row, 16))
      j2 = f64x2.add(j2, v128.load(row, 32))
      j3 = f64x2.add(j3, v128.load(row, 48))
    }
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = j0
    i1 = j1
    i2 = j2
    i3 = j3
    instant += INSTANT
    due = nextDue(instant, tail)
  }
  const bound = v128.load_splat<f64>(tail, BOUND)
  const m0 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))), t0)
  const m1 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))), t1)
  const m2 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))), t2)
  const m3 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))), t3)
  let some = open | releasedBy(load<f64>(tail, LAST))
  some |= i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(n, tail, (open & (1 << n)) != 0, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), 0)
    if (!settle(laneGroup, n, tail)) continue
    if (outcome != DONE) return
    openLane(n, time, ownU, ownI, 0)
  }
  countTrial(state == 0, first, tail)
  const kept = stateAfter(laneGroup, trial)
  if (kept == 0) return
  v128.store(kept, u0, STATE_U)
  v128.store(kept, u1, STATE_U + 16)
  v128.store(kept, u2, STATE_U + 32)
  v128.store(kept, u3, STATE_U + 48)
  v128.store(kept, i0, STATE_I)
  v128.store(kept, i1, STATE_I + 16)
  v128.store(kept, i2, STATE_I + 32)
  v128.store(kept, i3, STATE_I + 48)
  putDownLanes(kept, laneGroup, trial, load<f64>(tail, START))
}

/** What the lanes are tested against at first: those that cannot fire now against nothing. */
export function testsOf(laneGroup: i32, hasBegun: bool): usize {
  const testing = tests() + 64 * <usize>laneGroup
  if (!hasBegun || !(stopsAfterFirst() || refractories() != 0)) return testing
  copyLanes(TEST, testing)
  for (let n = 0; n < 8; n++) if (isHeld(n) || (stopsAfterFirst() && countOf(n) > 0)) setLane(TEST, n, Infinity)
  return lanes + TEST
}

/** The instant up to which the next lane is let go; 0: none is held. */
export function nextDue(from: usize, tail: usize): usize {
  const release = nextRelease()
  return release == Infinity ? 0 : instantFrom(release, from, tail)
}

/** U to start from and what it is tested against; the intervals with their rows. */
function countTrial(isFirst: bool, first: usize, tail: usize): void {
  const rows = arrivalsFrom(first, tail)
  if (isFirst) countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 40 * intervalsTo(first, tail) + 4 * rows)
}
