import { decayMem, decaySyn, kappa, propagate } from '../equations/propagator'
import { endOfInstants, firstInstant } from '../events/instants'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../events/tape'
import { copyLanes, fillLanes, lane, setLane } from '../lanes/lanes'
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
import { climbToMiss } from './climb'
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
  passSpike,
} from './lane-misses'

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
    if (followed == 0 && instant < due) instant = climbToMiss(instant, due, laneWeights)
    for (let n = 0; n < 8; n++) passLane(laneGroup, n, instant)
    if (instant == tail) break
    arrive(instant, laneWeights)
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
  if (d > 0) passCourse(n, time, d, u, i, last, passedCurrent, interval)
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

/** The arrivals of an instant: from NEXT_U and NEXT_I to U and I; lanes that rise before them alone have a maximum there. */
function arrive(instant: usize, laneWeights: usize): void {
  const start = <usize>load<u32>(instant, ARRIVALS)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let n = 0; n < 8; n++) {
    const u = lane(NEXT_U, n)
    const before = lane(NEXT_I, n)
    let i = before
    for (let arrival = start; arrival < stop; arrival += ARRIVAL)
      i += load<f64>(laneWeights + <usize>load<u32>(arrival) + 8 * <usize>n)
    if (before > u && !(i > u) && !(held & (1 << n))) considerMaximum(n, u, load<f64>(instant, TIME), instant - INSTANT)
    setLane(U, n, u)
    setLane(I, n, i)
  }
}
