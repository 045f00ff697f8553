import { inhibitionOf } from '../events/inhibition-instants'
import { arrivalsFrom, endOfInstants, firstInstant, intervalsTo } from '../events/instants'
import { i as ownI, j as ownJ, test as ownTest, u as ownU, time } from '../events/own-spikes'
import { beginCounts, countsOf } from '../events/spike-counts'
import {
  beginAtRest,
  closeLanes,
  open,
  openLane,
  putDownLanes,
  releasedBy,
  stateAfter,
  stateBefore,
  takeUpLanes,
} from '../lanes/lane-states'
import { copyLanes, lane, lanes, putRow, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { rows, starts, weights } from '../schema/header'
import { NEXT_I, NEXT_J, NEXT_U, P_I, P_J, P_U, TEST } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  DONE,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INHIBITION_SHARE,
  INSTANT,
  KAPPA,
  LAST,
  SPIKES,
  START,
  STATE,
  STATE_I,
  STATE_J,
  STATE_U,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { countRead } from '../traffic'
import { nextDue, testsOf } from './forward'
import { carry, settle, takeUp } from './settle'

/**
 * The same as `runShared` with two synaptic currents, I and J. As inhibition at least has a share of itself in U (see
 * `leastShare`), no lane may cross its threshold in an interval while
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I + share J, 0) < test
 */
export function runSharedTwo(laneGroup: i32, trial: i32): void {
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
  let j0 = zero
  let j1 = zero
  let j2 = zero
  let j3 = zero
  if (state != 0) {
    i0 = v128.load(state, STATE_I)
    i1 = v128.load(state, STATE_I + 16)
    i2 = v128.load(state, STATE_I + 32)
    i3 = v128.load(state, STATE_I + 48)
    j0 = v128.load(state, STATE_J)
    j1 = v128.load(state, STATE_J + 16)
    j2 = v128.load(state, STATE_J + 32)
    j3 = v128.load(state, STATE_J + 48)
  }
  // Whatever is looked at lane by lane lies in scratch lanes.
  const testing = testsOf(laneGroup, state != 0)
  if (testing != lanes + TEST) copyLanes(TEST, testing)
  let instant = first
  let by = inhibitionOf(first)
  // The interval in which some lanes have to be looked at in any case.
  let due = open != 0 ? first : nextDue(first, tail)
  for (;;) {
    // As long as no lane may cross its threshold.
    let some = 0
    for (; instant < tail; instant += INSTANT, by += INHIBITION) {
      const bound = v128.load_splat<f64>(instant, BOUND)
      const share = v128.load_splat<f64>(by, INHIBITION_SHARE)
      const m0 = mayCross(u0, i0, j0, bound, share, v128.load(lanes + TEST))
      const m1 = mayCross(u1, i1, j1, bound, share, v128.load(lanes + TEST, 16))
      const m2 = mayCross(u2, i2, j2, bound, share, v128.load(lanes + TEST, 32))
      const m3 = mayCross(u3, i3, j3, bound, share, v128.load(lanes + TEST, 48))
      if (instant == due || v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
        some = i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
        break
      }
      const toU = v128.load_splat<f64>(instant, DECAY_MEM)
      const toI = v128.load_splat<f64>(instant, DECAY_SYN)
      const across = v128.load_splat<f64>(instant, KAPPA)
      const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
      const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
      u0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
      u1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
      u2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
      u3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
      i0 = f64x2.mul(i0, toI)
      i1 = f64x2.mul(i1, toI)
      i2 = f64x2.mul(i2, toI)
      i3 = f64x2.mul(i3, toI)
      j0 = f64x2.mul(j0, toJ)
      j1 = f64x2.mul(j1, toJ)
      j2 = f64x2.mul(j2, toJ)
      j3 = f64x2.mul(j3, toJ)
      const stop = <usize>load<u32>(instant, ARRIVALS_END)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
        const row = laneWeights + <usize>load<u32>(arrival)
        const w0 = v128.load(row)
        i0 = f64x2.add(i0, f64x2.pmax(zero, w0))
        j0 = f64x2.add(j0, f64x2.pmin(zero, w0))
        const w1 = v128.load(row, 16)
        i1 = f64x2.add(i1, f64x2.pmax(zero, w1))
        j1 = f64x2.add(j1, f64x2.pmin(zero, w1))
        const w2 = v128.load(row, 32)
        i2 = f64x2.add(i2, f64x2.pmax(zero, w2))
        j2 = f64x2.add(j2, f64x2.pmin(zero, w2))
        const w3 = v128.load(row, 48)
        i3 = f64x2.add(i3, f64x2.pmax(zero, w3))
        j3 = f64x2.add(j3, f64x2.pmin(zero, w3))
      }
    }
    if (instant == tail) break
    // The interval in which some may, one by one.
    if (instant == due) some |= open | releasedBy(load<f64>(instant, LAST))
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
    const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
    inline.always(putRow(P_U, u0, u1, u2, u3))
    inline.always(putRow(P_I, i0, i1, i2, i3))
    inline.always(putRow(P_J, j0, j1, j2, j3))
    u0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
    u1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
    u2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
    u3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
    i0 = f64x2.mul(i0, toI)
    i1 = f64x2.mul(i1, toI)
    i2 = f64x2.mul(i2, toI)
    i3 = f64x2.mul(i3, toI)
    j0 = f64x2.mul(j0, toJ)
    j1 = f64x2.mul(j1, toJ)
    j2 = f64x2.mul(j2, toJ)
    j3 = f64x2.mul(j3, toJ)
    inline.always(putRow(NEXT_U, u0, u1, u2, u3))
    inline.always(putRow(NEXT_I, i0, i1, i2, i3))
    inline.always(putRow(NEXT_J, j0, j1, j2, j3))
    for (; some != 0; some &= some - 1) {
      const n = ctz(some)
      const isOpen = (open & (1 << n)) != 0
      takeUp(n, instant, isOpen, lane(P_U, n), lane(P_I, n), lane(P_J, n))
      if (!settle(laneGroup, n, instant) && !isOpen) continue
      if (outcome != DONE) return
      carry(load<f64>(instant, TIME))
      setLane(NEXT_U, n, ownU)
      setLane(NEXT_I, n, ownI)
      setLane(NEXT_J, n, ownJ)
      setLane(TEST, n, ownTest)
    }
    u0 = v128.load(lanes + NEXT_U)
    u1 = v128.load(lanes + NEXT_U, 16)
    u2 = v128.load(lanes + NEXT_U, 32)
    u3 = v128.load(lanes + NEXT_U, 48)
    i0 = v128.load(lanes + NEXT_I)
    i1 = v128.load(lanes + NEXT_I, 16)
    i2 = v128.load(lanes + NEXT_I, 32)
    i3 = v128.load(lanes + NEXT_I, 48)
    j0 = v128.load(lanes + NEXT_J)
    j1 = v128.load(lanes + NEXT_J, 16)
    j2 = v128.load(lanes + NEXT_J, 32)
    j3 = v128.load(lanes + NEXT_J, 48)
    closeLanes()
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      const w0 = v128.load(row)
      i0 = f64x2.add(i0, f64x2.pmax(zero, w0))
      j0 = f64x2.add(j0, f64x2.pmin(zero, w0))
      const w1 = v128.load(row, 16)
      i1 = f64x2.add(i1, f64x2.pmax(zero, w1))
      j1 = f64x2.add(j1, f64x2.pmin(zero, w1))
      const w2 = v128.load(row, 32)
      i2 = f64x2.add(i2, f64x2.pmax(zero, w2))
      j2 = f64x2.add(j2, f64x2.pmin(zero, w2))
      const w3 = v128.load(row, 48)
      i3 = f64x2.add(i3, f64x2.pmax(zero, w3))
      j3 = f64x2.add(j3, f64x2.pmin(zero, w3))
    }
    instant += INSTANT
    by += INHIBITION
    due = nextDue(instant, tail)
  }
  const bound = v128.load_splat<f64>(tail, BOUND)
  const share = v128.load_splat<f64>(by, INHIBITION_SHARE)
  const m0 = mayCross(u0, i0, j0, bound, share, v128.load(lanes + TEST))
  const m1 = mayCross(u1, i1, j1, bound, share, v128.load(lanes + TEST, 16))
  const m2 = mayCross(u2, i2, j2, bound, share, v128.load(lanes + TEST, 32))
  const m3 = mayCross(u3, i3, j3, bound, share, v128.load(lanes + TEST, 48))
  let some = open | releasedBy(load<f64>(tail, LAST))
  some |= i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
  if (some != 0) {
    inline.always(putRow(P_U, u0, u1, u2, u3))
    inline.always(putRow(P_I, i0, i1, i2, i3))
    inline.always(putRow(P_J, j0, j1, j2, j3))
  }
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(n, tail, (open & (1 << n)) != 0, lane(P_U, n), lane(P_I, n), lane(P_J, n))
    if (!settle(laneGroup, n, tail)) continue
    if (outcome != DONE) return
    openLane(n, time, ownU, ownI, ownJ)
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
  v128.store(kept, j0, STATE_J)
  v128.store(kept, j1, STATE_J + 16)
  v128.store(kept, j2, STATE_J + 32)
  v128.store(kept, j3, STATE_J + 48)
  putDownLanes(kept, laneGroup, trial, load<f64>(tail, START))
}

/** Of a pair of lanes, those that are not ruled out. */
function mayCross(u: v128, i: v128, j: v128, bound: v128, share: v128, test: v128): v128 {
  const zero = f64x2.splat(0)
  const current = f64x2.pmax(zero, f64x2.add(i, f64x2.mul(share, j)))
  return f64x2.ge(f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, current)), test)
}

/** U to start from and what it is tested against; the intervals with their rows. */
function countTrial(isFirst: bool, first: usize, tail: usize): void {
  const rows = arrivalsFrom(first, tail)
  if (isFirst) countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 64 * intervalsTo(first, tail) + 4 * rows)
}
