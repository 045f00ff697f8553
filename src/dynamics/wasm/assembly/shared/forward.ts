import { currentAfter, firstCrossing } from '../crossing'
import { arrivalsFrom, endOfInstants, firstInstant } from '../instants'
import { lane, pick, put, setLane } from '../lanes'
import { exp } from '../numerics/exp'
import { fail, outcome } from '../outcome'
import { decayMem, decaySyn, kappa, propagate } from '../propagator'
import { ADAPTATION, ADAPTED } from '../schema/lanes'
import {
  adaptSteps,
  resets,
  rows,
  runaway,
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
  TAPE_IS_FULL,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { beginCounts, countOf, setCount } from '../spike-counts'
import { append } from '../tape'
import { countRead, countWritten } from '../traffic'

/** U and I, right before the arrivals of an instant, of a lane that fired on the way to it. */
let nextU: f64 = 0
let nextI: f64 = 0

/**
 * Runs a trial of an octet whose neurons all meet the same arrivals, with U and I in registers, an interval between two
 * instants at a time.
 */
export function runShared(octet: i32, trial: i32): void {
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  const octetWeights = weights() + 64 * <usize>rows() * <usize>octet
  const starting = starts() + 64 * <usize>octet
  const testing = tests() + 64 * <usize>octet
  const zero = f64x2.splat(0)
  let u0 = v128.load(starting)
  let u1 = v128.load(starting, 16)
  let u2 = v128.load(starting, 32)
  let u3 = v128.load(starting, 48)
  let i0 = zero
  let i1 = zero
  let i2 = zero
  let i3 = zero
  let t0 = v128.load(testing)
  let t1 = v128.load(testing, 16)
  let t2 = v128.load(testing, 32)
  let t3 = v128.load(testing, 48)
  beginCounts(octet, trial)
  let instant = first
  for (;;) {
    // As long as no lane may cross its threshold.
    let some = 0
    for (; instant < end; instant += INSTANT) {
      const bound = v128.load_splat<f64>(instant, BOUND)
      const m0 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))), t0)
      const m1 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))), t1)
      const m2 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))), t2)
      const m3 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))), t3)
      if (v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
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
        const row = octetWeights + <usize>load<u32>(arrival)
        i0 = f64x2.add(i0, v128.load(row))
        i1 = f64x2.add(i1, v128.load(row, 16))
        i2 = f64x2.add(i2, v128.load(row, 32))
        i3 = f64x2.add(i3, v128.load(row, 48))
      }
    }
    if (instant == end) break
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
      if (!settle(octet, n, instant, pick(n, u0, u1, u2, u3), pick(n, i0, i1, i2, i3))) continue
      if (outcome != DONE) return
      switch (n >> 1) {
        case 0:
          v0 = put(v0, n, nextU)
          j0 = put(j0, n, nextI)
          if (stopsAfterFirst()) t0 = put(t0, n, Infinity)
          break
        case 1:
          v1 = put(v1, n, nextU)
          j1 = put(j1, n, nextI)
          if (stopsAfterFirst()) t1 = put(t1, n, Infinity)
          break
        case 2:
          v2 = put(v2, n, nextU)
          j2 = put(j2, n, nextI)
          if (stopsAfterFirst()) t2 = put(t2, n, Infinity)
          break
        default:
          v3 = put(v3, n, nextU)
          j3 = put(j3, n, nextI)
          if (stopsAfterFirst()) t3 = put(t3, n, Infinity)
      }
    }
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
  countTrial(first, end)
}

/** U to start from and what it is tested against; the instants with their rows. */
function countTrial(first: usize, end: usize): void {
  const rows = arrivalsFrom(first, end - INSTANT)
  countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 40 * ((end - first) / INSTANT) + 4 * rows)
}

/** Fires as often as a lane does before an instant; false if it does not. What it has come to then is `nextU`, `nextI`. */
function settle(octet: i32, n: i32, instant: usize, before: f64, current: f64): bool {
  const last = load<f64>(instant, LAST)
  const at: usize = 64 * <usize>octet + 8 * <usize>n
  const fired = countOf(n)
  let time = load<f64>(instant, START)
  let u = before
  let i = current
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
    const spike = time + firstCrossing(u, i, now, load<f64>(thresholds() + at), last - time + last * f64.EPSILON)
    if (!(spike <= last)) break
    i = currentAfter(i, spike - time)
    a = a == 0 ? 0 : a * exp(-(spike - adapted) / tauAdapt())
    if (!append(n, spike, i, a, instant)) return stop(TAPE_IS_FULL, n, spike)
    if (++count > runaway()) return stop(RUNAWAY, n, spike)
    u = load<f64>(resets() + at)
    a += load<f64>(adaptSteps() + at)
    adapted = time = spike
    if (stopsAfterFirst()) break
  }
  if (count == fired) return false
  setCount(n, count)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  const d = load<f64>(instant, TIME) - time
  if (d > 0) {
    propagate(d)
    u = u * decayMem + kappa * i
    i = i * decaySyn
  }
  nextU = u
  nextI = i
  countWritten(STATE, 16)
  countRead(SPIKES, 8)
  countWritten(SPIKES, 4)
  return true
}

/** Breaks the pass off. */
function stop(kind: i32, n: i32, time: f64): bool {
  fail(kind, n, time, 0)
  return true
}
