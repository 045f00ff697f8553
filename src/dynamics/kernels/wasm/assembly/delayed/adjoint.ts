import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { touch } from '../gradients/gradient-tree'
import { takeEvents } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { isTwo } from '../lanes/membrane'
import { EMITTED, FIRST_CUT, REACH, SPIKE, SPIKE_INTERVAL, SPIKE_SLOT, SPIKE_UNIT } from '../schema/delayed-records'
import {
  adjoints,
  eventSums,
  longestDelays,
  ownTaus,
  rate,
  rateInh,
  spikeShifts,
  tauMem,
  wantsTaus,
} from '../schema/header'
import { undoAlone } from './alone'
import { undoneSince } from './arrivals'
import { beginAtOnce, undoAtOnce } from './at-once'
import { delayGradient, laneDelays, laneMemGrowths, laneSynGrowths, takeUpLaneRows } from './lane-rows'
import { undoAtOwnTaus } from './own-taus'
import { countUndone, forgetUndone, noteUndoneRow } from './own-traffic'
import { lanesOnArrival, undoAtPeak } from './peak-events'
import { undoShifted } from './shifted'
import {
  firstSpikeInterval,
  isScaledFor,
  reachOfSpikeIntervals,
  scaleSpikeIntervals,
  spikeIntervalsEnd,
} from './spike-intervals'
import { originOf } from './spikes'
import { addTaus, beginDelayedTaus, sumsOf } from './taus'
import { endOfRowsOf, firstRowOf, hasRowOfEach, numberOf } from './unit-rows'

/** Closer to an own event than this share of 1 / |1/tauMem - 1/tauSyn| the terms of pI cancel too much. */
const CANCELLING: f64 = 1 / 1024

/** The inter-spike intervals that the arrivals of the spike at work may belong to. */
let lowest: usize = 0
let highest: usize = 0
/** The longest delay of the lane group. */
let longest: f64 = 0
/** Arrivals closer to their own event than this are undone one by one. */
let near: f64 = 0
/** The trial at work, and its lanes whose maximum sits on an arrival. */
let trial: i32 = 0
let turned: i32 = 0
/** Lanes, as bits, whose arrival is left to be undone one by one. */
let left: i32 = 0
/** All later spikes come after every own event. */
let latestReach: f64 = 0
/** Every spike has one row, whose arrivals are undone at once, but for a few lanes. */
let isPlain: bool = false

/** The lane group at work has its inter-spike intervals in a window of a trial; its arrivals come next. */
export function beginAdjoint<M>(ofTrial: i32): void {
  trial = ofTrial
  turned = lanesOnArrival(trial)
  takeUpLaneRows()
  lowest = highest = spikeIntervalsEnd - SPIKE_INTERVAL
  longest = 0
  for (let n: usize = 0; n < 8; n++) longest = max(longest, load<f64>(longestDelays() + 64 * <usize>laneGroup + 8 * n))
  near = rate() > 0 ? CANCELLING / rate() : 0
  if (isTwo<M>() && rateInh() > 0) near = max(near, CANCELLING / rateInh())
  beginAtOnce()
  latestReach = reachOfSpikeIntervals()
  // Nearly equal time constants leave nothing to the scaled form.
  isPlain = !isTwo<M>() && ownTaus() == 0 && !wantsTaus() && near < tauMem() && hasRowOfEach()
  if (wantsTaus()) beginDelayedTaus(trial, laneDelays, laneMemGrowths, laneSynGrowths, near)
}

/** Undoes what some spikes cause at all lanes: everything, or where chance shifts arrivals what comes in the window. */
export function undoArrivals<M>(first: usize, end: usize): void {
  forgetUndone()
  if (spikeShifts() != 0) {
    undoShifted<M>(trial, turned, first, end)
    countUndone(false)
    return
  }
  if (adjoints() != 0) touchRowsOf(first, end)
  for (let next = end; next > first; next -= SPIKE) undoArrivalsOf<M>(next - SPIKE)
  countUndone(ownTaus() == 0 && near < tauMem())
}

/** Looks at what the arrivals of some spikes come through, and all that they add to. */
function touchRowsOf(first: usize, end: usize): void {
  for (let spike = first; spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64) {
      touch(laneDelays + row)
      touch(laneMemGrowths + row)
      touch(laneWeights + row)
      touch(gradient + row)
      touch(delayGradient + row)
      if (!wantsTaus()) continue
      touch(sumsOf(row))
      touch(sumsOf(row) + 64)
    }
  }
}

/** Undoes the arrivals of a spike; those of later ones are undone. */
function undoArrivalsOf<M>(spike: usize): void {
  const unit = load<u32>(spike, SPIKE_UNIT)
  const time = load<f64>(spike, EMITTED)
  // It comes after all own events, or is over.
  if (time > latestReach || (time == latestReach && turned == 0) || time + longest < undoneSince()) return
  while (lowest > firstSpikeInterval && load<f64>(lowest - SPIKE_INTERVAL, REACH) > time) lowest -= SPIKE_INTERVAL
  const latest = time + longest
  while (highest > firstSpikeInterval && load<f64>(highest - SPIKE_INTERVAL, FIRST_CUT) > latest)
    highest -= SPIKE_INTERVAL
  if (ownTaus() == 0 && !isScaledFor(time)) scaleSpikeIntervals(originOf(time))
  const first = firstRowOf(unit)
  if (!isTwo<M>() && isPlain) {
    left = undoAtOnce<M>(spike, first, lowest, highest, near)
    finishRow(spike, time, first, load<u32>(spike, SPIKE_SLOT))
    return
  }
  const rowsEnd = endOfRowsOf(unit)
  let number = numberOf(load<u32>(spike, SPIKE_SLOT)) + <u32>((rowsEnd - first) / 64)
  for (let row = rowsEnd; row > first; ) {
    row -= 64
    number--
    undoRow<M>(spike, row)
    finishRow(spike, time, row, number)
  }
}

/** Undoes the arrivals at a row, but for those `left`. */
function undoRow<M>(spike: usize, row: usize): void {
  left = 0
  if (!isTwo<M>() && ownTaus() != 0) {
    undoAtOwnTaus(spike, row, lowest, highest)
    return
  }
  if (wantsTaus()) addTaus<M>(spike, row, lowest, highest)
  // Nearly equal time constants, and those of its own that a lane has, leave nothing to the scaled form.
  if (!(near < tauMem()) || ownTaus() != 0) left = 255
  else left = undoAtOnce<M>(spike, row, lowest, highest, near)
}

/** Undoes those that are `left` of a row, and what a maximum on one of them asks for; notes its events. */
function finishRow(spike: usize, time: f64, row: usize, number: u32): void {
  for (; left != 0; left &= left - 1) {
    takeUpTaus(laneGroup, ctz(left))
    undoAlone(arrivalAt(time, row, ctz(left)), row, ctz(left))
  }
  for (let some = turned; some != 0; some &= some - 1)
    undoAtPeak(trial, arrivalAt(time, row, ctz(some)), row, load<u32>(spike, SPIKE_UNIT), number, ctz(some))
  noteUndoneRow()
  if (eventSums() != 0) takeEvents(laneGroup, number)
}

function arrivalAt(emitted: f64, row: usize, n: i32): f64 {
  return emitted + load<f64>(laneDelays + row + 8 * <usize>n)
}
