import { extremumAfter, heightAfter } from '../equations/extremum'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane } from '../lanes/lanes'
import { exp } from '../numerics/exp'
import { feelsDying, misses, missWork, nearBelow, nearFall, tauAdapt, thresholds } from '../schema/header'
import { ADAPTATION, ADAPTED } from '../schema/lanes'
import {
  MISS,
  MISS_INTERVAL,
  MISS_LANE,
  MISS_SPIKE,
  MISS_TIME,
  MISS_TRIAL,
  MISS_U,
  MISS_WORK_BEST,
  MISS_WORK_BEST_INTERVAL,
  MISS_WORK_BEST_TIME,
  MISS_WORK_BEST_Z,
  MISS_WORK_FLOOR,
  MISS_WORK_LEVEL,
  MISS_WORK_PAST,
  MISS_WORK_PAST_ADAPTATION,
  MISS_WORK_PAST_INTERVAL,
  MISS_WORK_PAST_RECORD,
  MISS_WORK_PAST_TIME,
  MISS_WORK_TOP,
  MISS_WORK_TOP_Z,
  MISS_Z,
  RANGE,
  RANGE_END,
  RANGE_START,
} from '../schema/records'

/** Twin of src/dynamics/models/near-miss-watch.ts: one lane of a lane group, with U = V - bias. */

/** Lanes, as bits: those with a maximum that waits, those that are followed past a spike, those that are held. */
export let waiting: i32 = 0
export let followed: i32 = 0
export let held: i32 = 0
/** Found in all trials of the lane group, whether there was room for them or not. */
export let found: i32 = 0

let laneGroup: i32 = 0
let trial: i32 = 0
let next: usize = 0
let end: usize = 0
let work: usize = 0

/** Where the thread works. */
export function beginMisses(which: i32): void {
  laneGroup = which
  work = missWork()
  const room = misses() + RANGE * <usize>which
  next = <usize>load<u32>(room, RANGE_START)
  end = <usize>load<u32>(room, RANGE_END)
  found = 0
}

/** All lanes at rest. */
export function beginTrialMisses(which: i32): void {
  trial = which
  waiting = followed = held = 0
  for (let n = 0; n < 8; n++) {
    setWork(MISS_WORK_LEVEL, n, levelOf(n))
    setWork(MISS_WORK_FLOOR, n, -Infinity)
  }
}

/** Bounds of U above this are looked at. */
function levelOf(n: i32): f64 {
  return thresholdOf(n) - nearBelow()
}

function thresholdOf(n: i32): f64 {
  return load<f64>(thresholds() + 64 * <usize>laneGroup + 8 * <usize>n)
}

function workOf(row: usize, n: i32): f64 {
  return load<f64>(work + row + 8 * <usize>n)
}

function setWork(row: usize, n: i32, value: f64): void {
  store<f64>(work + row + 8 * <usize>n, value)
}

/** A lane is held, or let go. */
export function hold(n: i32): void {
  held |= 1 << n
  setWork(MISS_WORK_LEVEL, n, Infinity)
}

export function letGo(n: i32): void {
  held &= ~(1 << n)
  setWork(MISS_WORK_LEVEL, n, levelOf(n))
}

/** The free course of a lane over d ms from a time, up to U = `lastU` and I = `lastI`. */
export function passCourse(n: i32, time: f64, d: f64, u: f64, i: f64, lastU: f64, lastI: f64, interval: usize): void {
  const bit = 1 << n
  if (!(held & bit)) {
    const rises = i > u
    // Only where U turns is it higher, or lower, than at both ends.
    if (rises != lastI > lastU && (rises || waiting & bit)) passExtremum(n, time, d, u, i, interval)
    fall(n, lastU)
  }
}

function passExtremum(n: i32, time: f64, d: f64, u: f64, i: f64, interval: usize): void {
  const t = min(max(extremumAfter(u, i), 0), d)
  const v = heightAfter(u, i, t)
  if (i > u) considerMaximum(n, v, time + t, interval)
  else fall(n, v)
}

/** A maximum that is higher than one that waits takes its place. */
export function considerMaximum(n: i32, u: f64, time: f64, interval: usize): void {
  takeUpTaus(laneGroup, n)
  const bit = 1 << n
  if (waiting & bit && u < workOf(MISS_WORK_BEST, n)) return
  const a = lane(ADAPTATION, n)
  const z = u - thresholdOf(n) - (a == 0 ? 0 : a * exp(-(time - lane(ADAPTED, n)) / tauAdapt()))
  if (!(z > -nearBelow())) {
    forget(n)
    return
  }
  waiting |= bit
  setWork(MISS_WORK_BEST, n, u)
  setWork(MISS_WORK_BEST_TIME, n, time)
  setWork(MISS_WORK_BEST_Z, n, z)
  setWork(MISS_WORK_FLOOR, n, u - nearFall())
  // Lower ones do not take its place.
  setWork(MISS_WORK_LEVEL, n, u)
  store<i32>(work + MISS_WORK_BEST_INTERVAL + 4 * <usize>n, <i32>interval)
}

function fall(n: i32, u: f64): void {
  if (waiting & (1 << n) && u <= workOf(MISS_WORK_FLOOR, n)) count(n)
}

function forget(n: i32): void {
  waiting &= ~(1 << n)
  setWork(MISS_WORK_FLOOR, n, -Infinity)
  if (!(held & (1 << n))) setWork(MISS_WORK_LEVEL, n, levelOf(n))
}

/** The end of a trial, at which U is `last`. */
export function finishMisses(n: i32, last: f64): void {
  if (waiting & (1 << n) && last <= workOf(MISS_WORK_BEST, n)) count(n)
  if (followed & (1 << n)) die(n)
}

function count(n: i32): void {
  const interval = load<i32>(work + MISS_WORK_BEST_INTERVAL + 4 * <usize>n)
  note(n, workOf(MISS_WORK_BEST_TIME, n), workOf(MISS_WORK_BEST_Z, n), workOf(MISS_WORK_BEST, n), interval, 0)
  forget(n)
}

/** An own spike, with A just before it and its record on the tape. */
export function passSpike(n: i32, time: f64, adaptation: f64, record: usize, interval: usize): void {
  forget(n)
  if (followed & (1 << n)) die(n)
  if (!feelsDying() || time == 0) return
  followed |= 1 << n
  const u = thresholdOf(n) + adaptation
  setWork(MISS_WORK_PAST, n, u)
  setWork(MISS_WORK_TOP, n, u)
  setWork(MISS_WORK_TOP_Z, n, 0)
  setWork(MISS_WORK_PAST_TIME, n, time)
  setWork(MISS_WORK_PAST_ADAPTATION, n, adaptation)
  store<i32>(work + MISS_WORK_PAST_RECORD + 4 * <usize>n, <i32>record)
  store<i32>(work + MISS_WORK_PAST_INTERVAL + 4 * <usize>n, <i32>interval)
}

/** The same of U without the reset of the last spike, where a lane is followed past it. */
export function passPast(n: i32, time: f64, d: f64, i: f64): void {
  if (!(followed & (1 << n))) return
  const u = workOf(MISS_WORK_PAST, n)
  const t = extremumAfter(u, i)
  if (t > 0 && t < d && isDecided(n, heightAfter(u, i, t), time + t)) return
  const last = heightAfter(u, i, d)
  if (!isDecided(n, last, time + d)) setWork(MISS_WORK_PAST, n, last)
}

/** Whether it has gone too far above the threshold, or has fallen from its maximum. */
function isDecided(n: i32, u: f64, time: f64): bool {
  if (u > workOf(MISS_WORK_TOP, n)) {
    takeUpTaus(laneGroup, n)
    const a = workOf(MISS_WORK_PAST_ADAPTATION, n)
    const z = u - thresholdOf(n) - (a == 0 ? 0 : a * exp(-(time - workOf(MISS_WORK_PAST_TIME, n)) / tauAdapt()))
    setWork(MISS_WORK_TOP, n, u)
    setWork(MISS_WORK_TOP_Z, n, z)
    if (z < nearBelow()) return false
    followed &= ~(1 << n)
    return true
  }
  if (u > workOf(MISS_WORK_TOP, n) - nearFall()) return false
  die(n)
  return true
}

function die(n: i32): void {
  followed &= ~(1 << n)
  const record = load<i32>(work + MISS_WORK_PAST_RECORD + 4 * <usize>n)
  const interval = load<i32>(work + MISS_WORK_PAST_INTERVAL + 4 * <usize>n)
  note(n, workOf(MISS_WORK_PAST_TIME, n), workOf(MISS_WORK_TOP_Z, n), 0, interval, record)
}

function note(n: i32, time: f64, z: f64, u: f64, interval: i32, spike: i32): void {
  found++
  if (next + MISS > end) return
  store<f64>(next, time, MISS_TIME)
  store<f64>(next, z, MISS_Z)
  store<f64>(next, u, MISS_U)
  store<i32>(next, interval, MISS_INTERVAL)
  store<i32>(next, n, MISS_LANE)
  store<i32>(next, trial, MISS_TRIAL)
  store<i32>(next, spike, MISS_SPIKE)
  next += MISS
}
