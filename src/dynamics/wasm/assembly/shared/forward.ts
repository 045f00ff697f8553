import { currentAfter, firstCrossing } from '../crossing'
import { arrivalsFrom, endOfInstants, firstInstant } from '../instants'
import {
  beginAtRest,
  closeLanes,
  open,
  openLane,
  putDownLanes,
  stateAfter,
  stateBefore,
  takeUpLanes,
} from '../lane-states'
import { lane, pick, put, setLane } from '../lanes'
import { exp } from '../numerics/exp'
import { fail, outcome } from '../outcome'
import { decayMem, decaySyn, kappa, propagate } from '../propagator'
import { ADAPTATION, ADAPTED, I, SINCE, U } from '../schema/lanes'
import {
  adaptSteps,
  resets,
  rows,
  runaway,
  runawayStretch,
  starts,
  stopsAfterFirst,
  tauAdapt,
  tests,
  thresholds,
  weights,
} from '../schema/plan'
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
  RUNAWAY,
  SPIKES,
  START,
  STATE,
  STATE_I,
  STATE_U,
  TAPE_IS_FULL,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { beginCounts, countOf, countsOf, setCount } from '../spike-counts'
import { append } from '../tape'
import { countRead, countWritten } from '../traffic'

/** When the lane that was settled last was at its own last event, and its U and I there. */
let time: f64 = 0
let ownU: f64 = 0
let ownI: f64 = 0

/**
 * Runs a trial of an octet whose neurons all meet the same arrivals through a window, with U and I in registers, an
 * interval between two instants at a time. What they are after the last arrival stays; the rest of the window is looked
 * through for spikes alone, as nobody knows yet when its interval ends.
 */
export function runShared(octet: i32, trial: i32): void {
  const first = firstInstant(trial)
  const tail = endOfInstants(trial) - INSTANT
  const octetWeights = weights() + 64 * <usize>rows() * <usize>octet
  const testing = tests() + 64 * <usize>octet
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
  if (state != 0) {
    i0 = v128.load(state, STATE_I)
    i1 = v128.load(state, STATE_I + 16)
    i2 = v128.load(state, STATE_I + 32)
    i3 = v128.load(state, STATE_I + 48)
  }
  let t0 = v128.load(testing)
  let t1 = v128.load(testing, 16)
  let t2 = v128.load(testing, 32)
  let t3 = v128.load(testing, 48)
  if (state != 0 && stopsAfterFirst())
    for (let n = 0; n < 8; n++) {
      if (countOf(n) == 0) continue
      if (n < 2) t0 = put(t0, n, Infinity)
      else if (n < 4) t1 = put(t1, n, Infinity)
      else if (n < 6) t2 = put(t2, n, Infinity)
      else t3 = put(t3, n, Infinity)
    }
  let instant = first
  for (;;) {
    // As long as no lane may cross its threshold.
    let some = open
    for (; instant < tail; instant += INSTANT) {
      const bound = v128.load_splat<f64>(instant, BOUND)
      const m0 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))), t0)
      const m1 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))), t1)
      const m2 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))), t2)
      const m3 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))), t3)
      if (some != 0 || v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
        some |= i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
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
        const row = octetWeights + <usize>load<u32>(arrival)
        i0 = f64x2.add(i0, v128.load(row))
        i1 = f64x2.add(i1, v128.load(row, 16))
        i2 = f64x2.add(i2, v128.load(row, 32))
        i3 = f64x2.add(i3, v128.load(row, 48))
      }
    }
    if (instant == tail) break
    // The interval in which some may, one by one.
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
      takeUp(n, instant, isOpen, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3))
      if (!settle(octet, n, instant) && !isOpen) continue
      if (outcome != DONE) return
      carry(load<f64>(instant, TIME) - time)
      switch (n >> 1) {
        case 0:
          v0 = put(v0, n, ownU)
          j0 = put(j0, n, ownI)
          if (stopsAfterFirst()) t0 = put(t0, n, Infinity)
          break
        case 1:
          v1 = put(v1, n, ownU)
          j1 = put(j1, n, ownI)
          if (stopsAfterFirst()) t1 = put(t1, n, Infinity)
          break
        case 2:
          v2 = put(v2, n, ownU)
          j2 = put(j2, n, ownI)
          if (stopsAfterFirst()) t2 = put(t2, n, Infinity)
          break
        default:
          v3 = put(v3, n, ownU)
          j3 = put(j3, n, ownI)
          if (stopsAfterFirst()) t3 = put(t3, n, Infinity)
      }
    }
    closeLanes()
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = octetWeights + <usize>load<u32>(arrival)
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
  }
  const bound = v128.load_splat<f64>(tail, BOUND)
  const m0 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))), t0)
  const m1 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))), t1)
  const m2 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))), t2)
  const m3 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))), t3)
  let some = open | i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(n, tail, (open & (1 << n)) != 0, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3))
    if (!settle(octet, n, tail)) continue
    if (outcome != DONE) return
    openLane(n, time, ownU, ownI)
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
  putDownLanes(kept, countsOf(octet, trial), load<f64>(tail, START))
}

/** U to start from and what it is tested against; the instants with their rows. */
function countTrial(first: usize, end: usize): void {
  const rows = arrivalsFrom(first, end - INSTANT)
  countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 40 * ((end - first) / INSTANT) + 4 * rows)
}

/** Takes a lane up: where it is after the arrival at the start of an interval, or after a spike of its own in it. */
function takeUp(n: i32, instant: usize, isOpen: bool, u: f64, i: f64): void {
  time = isOpen ? lane(SINCE, n) : load<f64>(instant, START)
  ownU = isOpen ? lane(U, n) : u
  ownI = isOpen ? lane(I, n) : i
}

/** Fires as often as the lane that was taken up does before the end of an interval; false if it does not. */
function settle(octet: i32, n: i32, instant: usize): bool {
  const last = load<f64>(instant, LAST)
  const at: usize = 64 * <usize>octet + 8 * <usize>n
  const fired = countOf(n)
  let a: f64 = 0
  let adapted: f64 = 0
  // The number of spikes; when the interval starts and ends.
  countRead(SPIKES, 20)
  if (fired > 0) {
    if (stopsAfterFirst()) return false
    a = lane(ADAPTATION, n)
    adapted = lane(ADAPTED, n)
    countRead(STATE, 16)
  }
  let count = fired
  for (;;) {
    const now = a == 0 ? 0 : a * exp(-(time - adapted) / tauAdapt())
    // A crossing up to half an ulp beyond `last` still rounds to it.
    const spike = time + firstCrossing(ownU, ownI, now, load<f64>(thresholds() + at), last - time + last * f64.EPSILON)
    if (!(spike <= last)) break
    ownI = currentAfter(ownI, spike - time)
    a = a == 0 ? 0 : a * exp(-(spike - adapted) / tauAdapt())
    if (!append(n, spike, ownI, a, instant - INSTANT)) return stop(TAPE_IS_FULL, n, spike, 0)
    if (++count > runaway() && <f64>count > mostSpikesBy(spike)) return stop(RUNAWAY, n, spike, mostSpikesBy(spike))
    ownU = load<f64>(resets() + at)
    a += load<f64>(adaptSteps() + at)
    adapted = time = spike
    if (stopsAfterFirst()) break
  }
  if (count == fired) return false
  setCount(n, count)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  countWritten(STATE, 16)
  countRead(SPIKES, 8)
  countWritten(SPIKES, 4)
  return true
}

/** Carries the lane that was taken up over d ms without events. */
function carry(d: f64): void {
  if (!(d > 0)) return
  propagate(d)
  ownU = ownU * decayMem + kappa * ownI
  ownI = ownI * decaySyn
}

/** See `mostSpikesBy` in src/dynamics/neuron-faults.ts. */
function mostSpikesBy(time: f64): f64 {
  return <f64>runaway() * (1 + floor(time / runawayStretch()))
}

/** Breaks the pass off. */
function stop(kind: i32, n: i32, time: f64, detail: f64): bool {
  fail(kind, n, time, detail)
  return true
}
