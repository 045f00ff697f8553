import { inhibitionOf } from '../inhibition-instants'
import { arrivalsFrom, endOfInstants, firstInstant } from '../instants'
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
} from '../lane-states'
import { pick, put } from '../lanes'
import { outcome } from '../outcome'
import { rows, starts, weights } from '../schema/plan'
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
import { beginCounts, countsOf } from '../spike-counts'
import { countRead } from '../traffic'
import { nextDue, testsOf } from './forward'
import { carry, ownI, ownJ, ownTest, ownU, settle, takeUp, time } from './settle'

/**
 * The same as `runShared` with two synaptic currents, I and J. As inhibition at least has a share of itself in U (see
 * `leastShare`), no lane may cross its threshold in an interval while
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I + share J, 0) < test
 */
export function runSharedTwo(octet: i32, trial: i32): void {
  const first = firstInstant(trial)
  const tail = endOfInstants(trial) - INSTANT
  const octetWeights = weights() + 64 * <usize>rows() * <usize>octet
  const zero = f64x2.splat(0)
  const state = stateBefore(octet, trial)
  beginCounts(octet, trial)
  if (state == 0) beginAtRest()
  else takeUpLanes(state, countsOf(octet, trial))
  const starting = state == 0 ? starts() + 64 * <usize>octet : state + STATE_U
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
  const testing = testsOf(octet, state != 0)
  let t0 = v128.load(testing)
  let t1 = v128.load(testing, 16)
  let t2 = v128.load(testing, 32)
  let t3 = v128.load(testing, 48)
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
      const m0 = mayCross(u0, i0, j0, bound, share, t0)
      const m1 = mayCross(u1, i1, j1, bound, share, t1)
      const m2 = mayCross(u2, i2, j2, bound, share, t2)
      const m3 = mayCross(u3, i3, j3, bound, share, t3)
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
        const row = octetWeights + <usize>load<u32>(arrival)
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
    let v0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
    let v1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
    let v2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
    let v3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
    let x0 = f64x2.mul(i0, toI)
    let x1 = f64x2.mul(i1, toI)
    let x2 = f64x2.mul(i2, toI)
    let x3 = f64x2.mul(i3, toI)
    let y0 = f64x2.mul(j0, toJ)
    let y1 = f64x2.mul(j1, toJ)
    let y2 = f64x2.mul(j2, toJ)
    let y3 = f64x2.mul(j3, toJ)
    for (; some != 0; some &= some - 1) {
      const n = ctz(some)
      const isOpen = (open & (1 << n)) != 0
      takeUp(n, instant, isOpen, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), pick(n, j0, j1, j2, j3))
      if (!settle(octet, n, instant) && !isOpen) continue
      if (outcome != DONE) return
      carry(load<f64>(instant, TIME) - time)
      switch (n >> 1) {
        case 0:
          v0 = put(v0, n, ownU)
          x0 = put(x0, n, ownI)
          y0 = put(y0, n, ownJ)
          t0 = put(t0, n, ownTest)
          break
        case 1:
          v1 = put(v1, n, ownU)
          x1 = put(x1, n, ownI)
          y1 = put(y1, n, ownJ)
          t1 = put(t1, n, ownTest)
          break
        case 2:
          v2 = put(v2, n, ownU)
          x2 = put(x2, n, ownI)
          y2 = put(y2, n, ownJ)
          t2 = put(t2, n, ownTest)
          break
        default:
          v3 = put(v3, n, ownU)
          x3 = put(x3, n, ownI)
          y3 = put(y3, n, ownJ)
          t3 = put(t3, n, ownTest)
      }
    }
    closeLanes()
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = octetWeights + <usize>load<u32>(arrival)
      const w0 = v128.load(row)
      x0 = f64x2.add(x0, f64x2.pmax(zero, w0))
      y0 = f64x2.add(y0, f64x2.pmin(zero, w0))
      const w1 = v128.load(row, 16)
      x1 = f64x2.add(x1, f64x2.pmax(zero, w1))
      y1 = f64x2.add(y1, f64x2.pmin(zero, w1))
      const w2 = v128.load(row, 32)
      x2 = f64x2.add(x2, f64x2.pmax(zero, w2))
      y2 = f64x2.add(y2, f64x2.pmin(zero, w2))
      const w3 = v128.load(row, 48)
      x3 = f64x2.add(x3, f64x2.pmax(zero, w3))
      y3 = f64x2.add(y3, f64x2.pmin(zero, w3))
    }
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = x0
    j0 = y0
    i1 = x1
    j1 = y1
    i2 = x2
    j2 = y2
    i3 = x3
    j3 = y3
    instant += INSTANT
    by += INHIBITION
    due = nextDue(instant, tail)
  }
  const bound = v128.load_splat<f64>(tail, BOUND)
  const share = v128.load_splat<f64>(by, INHIBITION_SHARE)
  const m0 = mayCross(u0, i0, j0, bound, share, t0)
  const m1 = mayCross(u1, i1, j1, bound, share, t1)
  const m2 = mayCross(u2, i2, j2, bound, share, t2)
  const m3 = mayCross(u3, i3, j3, bound, share, t3)
  let some = open | releasedBy(load<f64>(tail, LAST))
  some |= i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(n, tail, (open & (1 << n)) != 0, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3), pick(n, j0, j1, j2, j3))
    if (!settle(octet, n, tail)) continue
    if (outcome != DONE) return
    openLane(n, time, ownU, ownI, ownJ)
  }
  countTrial(first, tail + INSTANT)
  const kept = stateAfter(octet, trial)
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
  putDownLanes(kept, octet, trial, load<f64>(tail, START))
}

/** Of a pair of lanes, those that are not ruled out. */
function mayCross(u: v128, i: v128, j: v128, bound: v128, share: v128, test: v128): v128 {
  const zero = f64x2.splat(0)
  const current = f64x2.pmax(zero, f64x2.add(i, f64x2.mul(share, j)))
  return f64x2.ge(f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, current)), test)
}

/** U to start from and what it is tested against; the instants with their rows. */
function countTrial(first: usize, end: usize): void {
  const rows = arrivalsFrom(first, end - INSTANT)
  countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 64 * ((end - first) / INSTANT) + 4 * rows)
}
