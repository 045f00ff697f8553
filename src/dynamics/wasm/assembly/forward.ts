import { currentAfter, firstCrossing } from './crossing'
import { runDelayed } from './delayed-forward'
import { exp } from './exp'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  arrivalsFrom,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  endOfInstants,
  firstInstant,
  INSTANT,
  KAPPA,
  LAST,
  START,
  TIME,
} from './instants'
import { integrate } from './integral'
import { ADAPTATION, ADAPTED, FIRED, I, lane, lanes, NEXT_I, NEXT_U, setLane, TEST, THRESHOLD, U } from './lanes'
import { beginPass, DONE, fail, notePass, outcome, RUNAWAY, TAPE_IS_FULL } from './outcome'
import { sweepPeaks } from './peaks'
import {
  adaptSteps,
  delays,
  fires,
  integrals,
  octets,
  peaks,
  resets,
  rows,
  runaway,
  spikeCounts,
  stopsAfterFirst,
  tauAdapt,
  trials,
  weights,
} from './plan'
import { decayMem, decaySyn, kappa, propagate } from './propagator'
import { rest } from './rest'
import { append, beginTape, beginTrialTape, spikesOf } from './tape'
import { beginTraffic, countBoth, countRead, countWritten, SPIKES, STATE, WEIGHTS } from './traffic'

/** Lanes, as bits, that may fire before the instant at which `runQuietly` stopped. */
let mayFire: i32 = 0

/** Runs all trials of an octet of neurons from rest; notes how that ended, and the number of spikes. */
export function forward(octet: i32): void {
  beginPass()
  beginTraffic(octet)
  beginTape(octet)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    beginTrialTape(octet, trial)
    if (delays() == 0) runAll(octet, trial)
    else runDelayed(octet, trial)
    if (integrals() != 0) integrate(octet, trial)
  }
  beginTrialTape(octet, trials())
  notePass(octet, outcome == DONE ? spikesOf(octet) : 0)
}

function runAll(octet: i32, trial: i32): void {
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  if (fires()) runTrial(octet, trial, first, end)
  if (outcome == DONE && peaks() != 0) sweepPeaks(octet, trial, first, end)
}

function runTrial(octet: i32, trial: i32, first: usize, end: usize): void {
  const octetWeights = weights() + 64 * <usize>rows() * <usize>octet
  rest(octet)
  let instant = first
  for (;;) {
    instant = runQuietly(instant, end, octetWeights)
    if (instant == end) break
    cross(octet, instant)
    if (outcome != DONE) return
    receive(instant, octetWeights)
    instant += INSTANT
  }
  countRead(STATE, 32)
  countWritten(SPIKES, 32)
  memory.copy(spikeCounts() + 32 * (<usize>trial * <usize>octets() + <usize>octet), lanes + FIRED, 32)
}

/**
 * Runs the lanes through instants as long as none of them may cross its threshold; returns the instant before which one
 * may, or the end. The state is then that right after the instant before.
 */
function runQuietly(from: usize, end: usize, octetWeights: usize): usize {
  const zero = f64x2.splat(0)
  let u0 = v128.load(lanes + U)
  let u1 = v128.load(lanes + U, 16)
  let u2 = v128.load(lanes + U, 32)
  let u3 = v128.load(lanes + U, 48)
  let i0 = v128.load(lanes + I)
  let i1 = v128.load(lanes + I, 16)
  let i2 = v128.load(lanes + I, 32)
  let i3 = v128.load(lanes + I, 48)
  const t0 = v128.load(lanes + TEST)
  const t1 = v128.load(lanes + TEST, 16)
  const t2 = v128.load(lanes + TEST, 32)
  const t3 = v128.load(lanes + TEST, 48)
  let instant = from
  for (; instant < end; instant += INSTANT) {
    const bound = v128.load_splat<f64>(instant, BOUND)
    const m0 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u0), f64x2.mul(bound, f64x2.pmax(zero, i0))), t0)
    const m1 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u1), f64x2.mul(bound, f64x2.pmax(zero, i1))), t1)
    const m2 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u2), f64x2.mul(bound, f64x2.pmax(zero, i2))), t2)
    const m3 = f64x2.ge(f64x2.add(f64x2.pmax(zero, u3), f64x2.mul(bound, f64x2.pmax(zero, i3))), t3)
    if (v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
      mayFire = i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
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
  v128.store(lanes + U, u0)
  v128.store(lanes + U, u1, 16)
  v128.store(lanes + U, u2, 32)
  v128.store(lanes + U, u3, 48)
  v128.store(lanes + I, i0)
  v128.store(lanes + I, i1, 16)
  v128.store(lanes + I, i2, 32)
  v128.store(lanes + I, i3, 48)
  countQuietly(from, instant, end)
  return instant
}

/** U and I, the instants passed and their rows; of the one that was stopped at, the bound. */
function countQuietly(from: usize, instant: usize, end: usize): void {
  const rows: usize = instant == from ? 0 : arrivalsFrom(from, instant - INSTANT)
  countBoth(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 40 * ((instant - from) / INSTANT) + 4 * rows + (instant < end ? 8 : 0))
}

/** Carries the lanes over the interval before an instant, those that may fire one by one. */
function cross(octet: i32, instant: usize): void {
  let fired = 0
  for (let some = mayFire; some != 0; some &= some - 1) {
    const n = ctz(some)
    if (!settle(octet, n, instant)) continue
    if (outcome != DONE) return
    fired |= 1 << n
  }
  flow(instant)
  for (; fired != 0; fired &= fired - 1) {
    const n = ctz(fired)
    setLane(U, n, lane(NEXT_U, n))
    setLane(I, n, lane(NEXT_I, n))
    countBoth(STATE, 16)
  }
}

/** Fires as often as a lane does before an instant; false if it does not. */
function settle(octet: i32, n: i32, instant: usize): bool {
  const last = load<f64>(instant, LAST)
  const at: usize = 64 * <usize>octet + 8 * <usize>n
  let time = load<f64>(instant, START)
  let u = lane(U, n)
  let i = lane(I, n)
  let a = lane(ADAPTATION, n)
  let adapted = lane(ADAPTED, n)
  let fired = load<i32>(lanes + FIRED + 4 * <usize>n)
  const before = fired
  // U, I, A, its time, the number of spikes; when the interval starts and ends.
  countRead(STATE, 36)
  countRead(SPIKES, 16)
  for (;;) {
    const now = a == 0 ? 0 : a * exp(-(time - adapted) / tauAdapt())
    // A crossing up to half an ulp beyond `last` still rounds to it.
    const spike = time + firstCrossing(u, i, now, lane(THRESHOLD, n), last - time + last * f64.EPSILON)
    if (!(spike <= last)) break
    i = currentAfter(i, spike - time)
    a = a == 0 ? 0 : a * exp(-(spike - adapted) / tauAdapt())
    if (!append(n, spike, i, a, instant)) return stop(TAPE_IS_FULL, n, spike)
    if (++fired > runaway()) return stop(RUNAWAY, n, spike)
    u = load<f64>(resets() + at)
    a += load<f64>(adaptSteps() + at)
    adapted = time = spike
    if (stopsAfterFirst()) {
      setLane(THRESHOLD, n, Infinity)
      setLane(TEST, n, Infinity)
      break
    }
  }
  if (fired == before) return false
  store<i32>(lanes + FIRED + 4 * <usize>n, fired)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  const d = load<f64>(instant, TIME) - time
  if (d > 0) {
    propagate(d)
    u = u * decayMem + kappa * i
    i = i * decaySyn
  }
  setLane(NEXT_U, n, u)
  setLane(NEXT_I, n, i)
  countWritten(STATE, 36)
  countRead(SPIKES, 8)
  return true
}

/** Breaks the pass off. */
function stop(kind: i32, n: i32, time: f64): bool {
  fail(kind, n, time, 0)
  return true
}

/** U and I of all lanes over the interval before an instant. */
function flow(instant: usize): void {
  const toU = v128.load_splat<f64>(instant, DECAY_MEM)
  const toI = v128.load_splat<f64>(instant, DECAY_SYN)
  const across = v128.load_splat<f64>(instant, KAPPA)
  flowPair(lanes, toU, toI, across)
  flowPair(lanes + 16, toU, toI, across)
  flowPair(lanes + 32, toU, toI, across)
  flowPair(lanes + 48, toU, toI, across)
  countBoth(STATE, 128)
  countRead(SPIKES, 24)
}

function flowPair(at: usize, toU: v128, toI: v128, across: v128): void {
  const i = v128.load(at, I)
  v128.store(at, f64x2.add(f64x2.mul(v128.load(at, U), toU), f64x2.mul(across, i)), U)
  v128.store(at, f64x2.mul(i, toI), I)
}

/** The arrivals of an instant. */
function receive(instant: usize, octetWeights: usize): void {
  let i0 = v128.load(lanes + I)
  let i1 = v128.load(lanes + I, 16)
  let i2 = v128.load(lanes + I, 32)
  let i3 = v128.load(lanes + I, 48)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
    const row = octetWeights + <usize>load<u32>(arrival)
    i0 = f64x2.add(i0, v128.load(row))
    i1 = f64x2.add(i1, v128.load(row, 16))
    i2 = f64x2.add(i2, v128.load(row, 32))
    i3 = f64x2.add(i3, v128.load(row, 48))
  }
  v128.store(lanes + I, i0)
  v128.store(lanes + I, i1, 16)
  v128.store(lanes + I, i2, 32)
  v128.store(lanes + I, i3, 48)
  const rows = arrivalsFrom(instant, instant)
  countBoth(STATE, 64)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 + 4 * rows)
}
