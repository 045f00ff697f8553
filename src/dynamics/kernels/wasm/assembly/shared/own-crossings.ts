import { fallAtCrossing } from '../equations/polynomial-crossing'
import { appendFall, FALL, nextRecord } from '../events/tape'
import { countOf, isOpen, openAt, setCount } from '../lanes/lane-states'
import { lane, lanes, setLane } from '../lanes/lanes'
import { endRunaway, fail, mayRunAway, outcome } from '../lanes/outcome'
import { log1p, log1pOfFallPair, NEAR_FALL } from '../numerics/log1p'
import { MARGIN } from '../schema/constants'
import * as header from '../schema/header'
import { I, NEXT_U, P_I, P_U, QUIET, SINCE, TEST, U } from '../schema/lanes'
import { DECAY_MEM, DONE, INSTANT, INTERVAL, LAST, RECORD, SPIKE_TIME, START, TAPE_IS_FULL } from '../schema/records'
import { countTimed } from './traffic'

/**
 * Own spikes of a polynomial lane group (lanes/polynomial.ts) in the interval between two arrivals. With x = e^{-(t - t0)/tauMem} = 1 - y, t0
 * the start of the interval, X its end and drive = scale I(t0)
 *
 *     U(x) = (U(t0) + drive) x - drive x^m        I(x) = I(t0) x^m
 *
 * and after a spike at x, up to the end, U(X) = vReset X / x + drive X (x^{m - 1} - X^{m - 1}). So I goes its way as if nothing were, and no
 * exponential is needed. The time of a spike, t0 - tauMem log1p(-y), is made after the trial, but where rounding decides to which
 * interval it belongs.
 */

/** More than what rounding takes from y, and from a time as a share of itself. */
const ROUNDED: f64 = 1e-15
/** kappa rises up to x = m^{-1/(m - 1)}: from there on its value at the end of an interval is its largest. */
const PEAK_OF_FOUR: f64 = 0.63
const PEAK_OF_TWO: f64 = 0.5

/** The lane group at work, and the first of its records in the trial. */
let place: usize = 0
let begun: usize = 0

/** A trial of a lane group begins or continues. */
export function beginCrossings(laneGroup: i32): void {
  place = 64 * <usize>laneGroup
  begun = nextRecord()
}

/**
 * The lanes, as bits, that may fire in the interval before an instant, whose end is in NEXT_U: those above the threshold there, and
 * those whose maximum lies in the interval and reaches it.
 *
 *     x^{m - 1} = s / (m drive)      4 drive theta <= s^2   (m = 2)      256 drive theta^3 <= 27 s^4   (m = 4)      s = U + drive
 */
export function mayFire(instant: usize): i32 {
  const isFour = header.ratio() == 4
  const by = f64x2.splat(header.scale())
  const zero = f64x2.splat(0)
  const end = load<f64>(instant, DECAY_MEM)
  const fall = f64x2.splat(isFour ? 4 * end * end * end : 2 * end)
  const share = f64x2.splat((isFour ? 256.0 / 27 : 4) * (1 - MARGIN))
  const rounded = f64x2.splat(ROUNDED)
  let some = 0
  for (let at: usize = 0, n = 0; n < 8; at += 16, n += 2) {
    const row = lanes + at
    const threshold = v128.load(header.thresholds() + place + at)
    const u = v128.load(row, P_U)
    const drive = f64x2.mul(by, v128.load(row, P_I))
    const s = f64x2.add(f64x2.add(u, drive), f64x2.mul(rounded, f64x2.add(f64x2.abs(u), drive)))
    const s2 = f64x2.mul(s, s)
    const least = f64x2.mul(f64x2.mul(share, drive), threshold)
    const reaches = isFour
      ? f64x2.ge(f64x2.mul(s2, s2), f64x2.mul(least, f64x2.mul(threshold, threshold)))
      : f64x2.ge(s2, least)
    const peaks = v128.and(f64x2.le(f64x2.mul(drive, fall), s), reaches)
    const isAbove = f64x2.ge(v128.load(row, NEXT_U), v128.load(row, QUIET))
    some |= i64x2.bitmask(v128.and(f64x2.gt(drive, zero), v128.or(isAbove, peaks))) << n
  }
  return some
}

/** Runs lanes, as bits, through their own spikes in an interval that ends with an arrival. False after a fault. */
export function crossLanes(some: i32, instant: usize): bool {
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    if (cross(n, instant, false) >= 0) setLane(NEXT_U, n, after)
    if (outcome != DONE) return false
  }
  return true
}

/** The same after the last arrival: those that have fired there are open. False after a fault. */
export function crossOpenLanes(some: i32, tail: usize): bool {
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    const y = cross(n, tail, true)
    if (outcome != DONE) return false
    if (y >= 0) openAt(n, y)
  }
  return true
}

/** U at the end of the interval that `cross` has looked at last, if the lane has fired in it. */
let after: f64 = 0

/** y of the latest spike of a lane in an interval; below 0: there is none. */
function cross(n: i32, instant: usize, isTail: bool): f64 {
  const level = load<f64>(header.thresholds() + place + 8 * <usize>n)
  const reset = load<f64>(header.resets() + place + 8 * <usize>n)
  const i = lane(P_I, n)
  const drive = header.scale() * i
  const end = load<f64>(instant, DECAY_MEM)
  const yEnd = 1 - end
  const last = load<f64>(instant, LAST)
  const rounding = ROUNDED * (8 + last * header.perTauMem())
  const beyond = yEnd + rounding
  // From here on the rounded time decides.
  const near = isTail ? -1 : yEnd - rounding
  const isFour = header.ratio() == 4
  let fired = countOf(n)
  if (header.stopsAfterFirst() && fired > 0) return -1
  const wasOpen = isOpen(n)
  let isNew = !wasOpen
  let y: f64 = wasOpen ? lane(SINCE, n) : 0
  if (isNew) {
    if (inline.always(isTooWeak(i, level))) return -1
    const u = lane(P_U, n)
    if (u < level) y = fallAtCrossing(u, i, drive, level, beyond)
    if (!inline.always(isBefore(y, beyond, near, instant, last))) return -1
  }
  for (;;) {
    const x = 1 - y
    const x2 = x * x
    const current = i * (isFour ? x2 * x2 : x2)
    if (isNew && !note(n, y, current, instant, ++fired)) return y
    isNew = true
    if (header.stopsAfterFirst()) {
      setLane(TEST, n, Infinity)
      break
    }
    const driven = drive * end * ((yEnd - y) * (isFour ? x2 + end * (x + end) : 1))
    after = reset == 0 ? driven : driven + reset * (end / x)
    const isRising = end > (isFour ? PEAK_OF_FOUR : PEAK_OF_TWO) * x
    const most = max(reset, 0) + (isRising ? driven + rounding * current : header.peakKappa() * current)
    if (most < level - 4 * MARGIN * level || inline.always(isTooWeak(current, level))) break
    const z = fallAtCrossing(reset, current, header.scale() * current, level, (beyond - y) / x)
    const next = y + x * z
    if (!(z < 1 && inline.always(isBefore(next, beyond, near, instant, last)))) break
    y = next
  }
  setCount(n, fired)
  return y
}

/** Whether a current can raise U over a level no more: U' >= 0 needs I >= U, and I falls. */
function isTooWeak(current: f64, level: f64): bool {
  return current + MARGIN * current < level
}

/** When a lane, with U and I at `start` and in SINCE what it is if it is open, fires next if nothing arrives; Infinity: never. */
export function nextOwnSpike(laneGroup: i32, n: i32, start: f64): f64 {
  const at: usize = 64 * <usize>laneGroup + 8 * <usize>n
  const level = load<f64>(header.thresholds() + at)
  const i = lane(I, n)
  const x: f64 = isOpen(n) ? 1 - lane(SINCE, n) : 1
  const square = x * x
  const current = i * (header.ratio() == 4 ? square * square : square)
  if (isTooWeak(current, level)) return Infinity
  if (!isOpen(n)) {
    const y = lane(U, n) < level ? fallAtCrossing(lane(U, n), i, header.scale() * i, level, 1) : 0
    return y < 1 ? start - header.tauMem() * log1p(-y) : Infinity
  }
  const z = fallAtCrossing(load<f64>(header.resets() + at), current, header.scale() * current, level, 1)
  return z < 1 ? start - header.tauMem() * log1p(-(lane(SINCE, n) + x * z)) : Infinity
}

/** Whether a crossing belongs to an interval: where it is near its end, by the rounded time. */
function isBefore(y: f64, beyond: f64, near: f64, instant: usize, last: f64): bool {
  if (!(y < 1 && y <= beyond)) return false
  return y <= near || timeOf(instant, y) <= last
}

function timeOf(instant: usize, y: f64): f64 {
  return load<f64>(instant, START) - header.tauMem() * log1p(-y)
}

/** False after a fault. */
function note(n: i32, y: f64, current: f64, instant: usize, fired: i32): bool {
  if (!appendFall(n, y, current, instant - INSTANT)) fail(TAPE_IS_FULL, n, timeOf(instant, y), 0)
  else if (mayRunAway(n, fired)) endRunaway(n, timeOf(instant, y), fired)
  return outcome == DONE
}

/** The times of the trial's spikes, from y, two at a time. */
export function timeSpikes(): void {
  const end = nextRecord()
  countTimed((end - begun) / RECORD)
  const tau = f64x2.splat(header.tauMem())
  for (let record = begun; record < end; record += 2 * RECORD) {
    const other = record + RECORD < end ? record + RECORD : record
    const y = f64x2.replace_lane(v128.load_splat<f64>(record, FALL), 1, load<f64>(other, FALL))
    const start = f64x2.replace_lane(f64x2.splat(startOf(record)), 1, startOf(other))
    if (i64x2.all_true(f64x2.lt(y, f64x2.splat(NEAR_FALL)))) {
      const time = f64x2.sub(start, f64x2.mul(tau, log1pOfFallPair(y)))
      store<f64>(record, f64x2.extract_lane(time, 0), SPIKE_TIME)
      store<f64>(other, f64x2.extract_lane(time, 1), SPIKE_TIME)
    } else {
      timeSpike(record)
      timeSpike(other)
    }
  }
}

function timeSpike(record: usize): void {
  store<f64>(record, timeOf(<usize>load<u32>(record, INTERVAL) + INSTANT, load<f64>(record, FALL)), SPIKE_TIME)
}

function startOf(record: usize): f64 {
  return load<f64>(<usize>load<u32>(record, INTERVAL) + INSTANT, START)
}
