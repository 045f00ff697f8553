import { decayMem, decaySyn, kappa, propagate } from '../equations/propagator'
import { endOfInstants, firstInstant } from '../events/instants'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../events/tape'
import { copyLanes, fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { beginPass, notePass } from '../lanes/outcome'
import {
  adaptSteps,
  refractories,
  resets,
  rows,
  size,
  starts,
  stopsAfterFirst,
  trials,
  weights,
} from '../schema/header'
import { ADAPTATION, ADAPTED, I, NEXT_I, NEXT_U, U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_SYN,
  INSTANT,
  INTERVAL,
  KAPPA,
  RECORD,
  SPIKE_ADAPTATION,
  SPIKE_TIME,
  START,
  TIME,
} from '../schema/records'
import { climbToMiss, seen } from './climb'
import {
  beginMisses,
  beginTrialMisses,
  considerMaximum,
  finishMisses,
  followed,
  found,
  held,
  hold,
  letGo,
  passCourse,
  passPast,
  passSpike,
} from './lane-misses'

/** The interval at work has own events, or is the last one: then lanes are followed past their spikes with them. */
let isDue: bool = false

/** Own spikes and ends of refractory periods of the trial that have not been passed lie between these tape records. */
let record: usize = 0
let recordsStop: usize = 0

/**
 * Looks once more through what a lane group did in all trials, for near misses and spikes that might not have been: from the
 * arrivals, which all neurons share, and the spikes on its tape. Nothing that it did changes. Notes how many there are.
 */
export function findMisses(laneGroup: i32): void {
  beginPass()
  beginMisses(laneGroup)
  for (let trial = 0; trial < trials(); trial++) findInTrial(laneGroup, trial)
  notePass(laneGroup, found)
}

function findInTrial(laneGroup: i32, trial: i32): void {
  const laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  const tail = endOfInstants(trial) - INSTANT
  record = recordsOf(laneGroup, trial)
  recordsStop = recordsEnd(laneGroup, trial)
  copyLanes(U, starts() + 64 * <usize>laneGroup)
  fillLanes(I, 0)
  fillLanes(ADAPTATION, 0)
  beginTrialMisses(trial)
  // Lanes beyond the last neuron have nothing to show.
  for (let n = max(0, size() - 8 * laneGroup); n < 8; n++) hold(n)
  for (let instant = firstInstant(trial); ; instant += INSTANT) {
    const due: usize = record == recordsStop ? tail : <usize>load<u32>(record, INTERVAL) + INSTANT
    let some = 255
    if (instant < due) {
      const isFollowed = followed != 0
      for (let n = 0; isFollowed && n < 8; n++) passWholePast(n, instant)
      const next = climbToMiss(instant, isFollowed ? instant + INSTANT : due, laneWeights)
      if (next > instant && isFollowed) continue
      instant = next
      if (instant < due) some = seen
    }
    isDue = instant == due
    passQuietly(instant)
    for (let rest = some; rest != 0; rest &= rest - 1) passLane(laneGroup, ctz(rest), instant)
    if (instant == tail) break
    arrive(instant, laneWeights, some)
  }
  for (let n = 0; n < 8; n++) finishMisses(n, lane(NEXT_U, n))
}

/** A lane through its own events in an interval, to the end of it: from U and I to NEXT_U and NEXT_I. */
function passLane(laneGroup: i32, n: i32, instant: usize): void {
  const interval = instant - INSTANT
  const stop = load<f64>(instant, TIME)
  let time = load<f64>(instant, START)
  let u = lane(U, n)
  let i = lane(I, n)
  let isWhole = true
  while (record < recordsStop && <usize>load<u32>(record, INTERVAL) == interval && laneOf(record) == n) {
    const at = load<f64>(record, SPIKE_TIME)
    isWhole = false
    u = pass(n, time, at - time, u, i, interval)
    i = passedCurrent
    u = load<f64>(resets() + 64 * <usize>laneGroup + 8 * <usize>n)
    time = at
    if (isRelease(record)) letGo(n)
    else spike(laneGroup, n, at, interval)
    record += RECORD
  }
  if (isWhole) {
    const last = u * load<f64>(instant, DECAY_MEM) + load<f64>(instant, KAPPA) * i
    const lastI = i * load<f64>(instant, DECAY_SYN)
    passCourse(n, time, stop - time, u, i, last, lastI, interval)
    if (isDue) passPast(n, time, stop - time, i)
    u = last
    i = lastI
  } else {
    u = pass(n, time, stop - time, u, i, interval)
    i = passedCurrent
  }
  setLane(NEXT_U, n, u)
  setLane(NEXT_I, n, i)
}

/** I where the last `pass` has ended. */
let passedCurrent: f64 = 0

/** Over d ms; returns U at their end. */
function pass(n: i32, time: f64, d: f64, u: f64, i: f64, interval: usize): f64 {
  propagate(d)
  const last = u * decayMem + kappa * i
  passedCurrent = i * decaySyn
  if (!(d > 0)) return last
  passCourse(n, time, d, u, i, last, passedCurrent, interval)
  passPast(n, time, d, i)
  return last
}

function spike(laneGroup: i32, n: i32, time: f64, interval: usize): void {
  const at: usize = 64 * <usize>laneGroup + 8 * <usize>n
  const adaptation = load<f64>(record, SPIKE_ADAPTATION)
  passSpike(n, time, adaptation, record, interval)
  setLane(ADAPTATION, n, adaptation + load<f64>(adaptSteps() + at))
  setLane(ADAPTED, n, time)
  if (stopsAfterFirst() || (refractories() != 0 && load<f64>(refractories() + at) > 0)) hold(n)
}

/** A lane that is followed past a spike, over an interval without own events. */
function passWholePast(n: i32, instant: usize): void {
  const start = load<f64>(instant, START)
  passPast(n, start, load<f64>(instant, TIME) - start, lane(I, n))
}

/** U and I of all lanes at an instant, into NEXT_U and NEXT_I. */
function passQuietly(instant: usize): void {
  const toU = v128.load_splat<f64>(instant, DECAY_MEM)
  const toI = v128.load_splat<f64>(instant, DECAY_SYN)
  const across = v128.load_splat<f64>(instant, KAPPA)
  for (let at: usize = 0; at < 64; at += 16) {
    const row = lanes + at
    const i = v128.load(row, I)
    v128.store(row, f64x2.add(f64x2.mul(v128.load(row, U), toU), f64x2.mul(across, i)), NEXT_U)
    v128.store(row, f64x2.mul(i, toI), NEXT_I)
  }
}

/**
 * The arrivals of an instant: from NEXT_U and NEXT_I to U and I. Of some lanes, as bits, those that rise before them alone have a
 * maximum there.
 */
function arrive(instant: usize, laneWeights: usize, some: i32): void {
  const start = <usize>load<u32>(instant, ARRIVALS)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let at: usize = 0; at < 64; at += 16) {
    const row = lanes + at
    let i = v128.load(row, NEXT_I)
    for (let arrival = start; arrival < stop; arrival += ARRIVAL)
      i = f64x2.add(i, v128.load(laneWeights + <usize>load<u32>(arrival) + at))
    v128.store(row, i, I)
    v128.store(row, v128.load(row, NEXT_U), U)
  }
  for (let rest = some & ~held; rest != 0; rest &= rest - 1) {
    const n = ctz(rest)
    const u = lane(U, n)
    if (lane(NEXT_I, n) > u && !(lane(I, n) > u)) considerMaximum(n, u, load<f64>(instant, TIME), instant - INSTANT)
  }
}
