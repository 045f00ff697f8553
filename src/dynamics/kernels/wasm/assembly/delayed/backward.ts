import { injectedInto } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import {
  beginOwnEvents,
  closeFirstSpikeIntervals,
  gradient,
  hinge,
  inject,
  laneGroup,
  laneWeights,
  pI,
  pJ,
  pU,
  takeUp,
  takeUpInhibition,
  undoRelease,
  undoSpike,
} from '../events/own-events'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../events/tape'
import { touch } from '../gradients/gradient-tree'
import { addEvent, takeEvents } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane } from '../lanes/lanes'
import { isTwo } from '../lanes/membrane'
import { nextUp } from '../numerics/next-up'
import { peakOf } from '../peaks/peaks'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { EMITTED, FIRST_CUT, REACH, SPIKE, SPIKE_INTERVAL, SPIKE_SLOT, SPIKE_UNIT } from '../schema/delayed-records'
import {
  adjoints,
  eventSums,
  fires,
  horizon,
  isFirstWindow,
  isLastWindow,
  longestDelays,
  peakGradients,
  rate,
  rateInh,
  reached,
  size,
  spikeShifts,
  tauMem,
  tausPerNeuron,
  wantsTaus,
} from '../schema/header'
import { EVENTS, NOW, P_I, P_U } from '../schema/lanes'
import { DELAYED_PEAK_SINCE, EVENT, PEAK_KIND, PEAK_TIME, RECORD, SPIKE_TIME } from '../schema/records'
import { ARRIVAL_NUMBER, ARRIVAL_UNIT, ARRIVES, listArrivals, listed, rowOfArrival, undoneSince } from './arrivals'
import { lanesOnArrival, undoAtPeak } from './peaks'
import { beginTauShares } from './spike-interval-taus'
import {
  beginAtEnd,
  crossShare,
  firstSpikeInterval,
  inhibitoryOf,
  isScaledFor,
  keepSpikeIntervals,
  openSpikeInterval,
  reachOfSpikeIntervals,
  resumeSpikeIntervals,
  scaleSpikeIntervals,
  spikeIntervalsEnd,
} from './spike-intervals'
import { originOf } from './spikes'
import { addTaus, addTausAlone, beginDelayedTaus, sumArrivalTaus, sumsOf } from './taus'
import { countUndone, forgetUndone, noteUndone, noteUndoneRow } from './traffic'
import { beginAtOnce, undoAlone, undoAtOnce, undoAtTausPerNeuron } from './undo-arrivals'
import {
  delayGradient,
  endOfRowsOf,
  firstRowOf,
  hasRowOfEach,
  laneDelays,
  laneMemGrowths,
  numberOf,
  takeRowsOf,
  takeUpLaneRows,
} from './unit-rows'

/** Closer to an own event than this share of 1 / |1/tauMem - 1/tauSyn| the terms of pI cancel too much. */
const CANCELLING: f64 = 1 / 1024

/** The inter-spike intervals that the arrivals of the spike at work may belong to. */
let lowest: usize = 0
let highest: usize = 0
/** The longest delay of the lane group. */
let longest: f64 = 0
/** Arrivals closer to their own event than this are undone one by one. */
let near: f64 = 0
/** The trial at work, and the lanes, as bits, whose maximum sits on an arrival. */
let trial: i32 = 0
let turned: i32 = 0
/** Lanes, as bits, whose arrival is left to be undone one by one. */
let left: i32 = 0
/** All later spikes come after every own event. */
let latestReach: f64 = 0
/** Every spike has one row, whose arrivals are undone at once, but for a few lanes. */
let isPlain: bool = false

/**
 * Undoes a window of a trial of a lane group whose neurons each have an order of arrivals of their own.
 *
 * Arrivals don't act on the adjoint of a neuron, so its own events come first, the last one first; each opens an
 * inter-spike interval, reaching back to the one before. Then every arrival takes the adjoint of its inter-spike interval
 * at its own time. All arrivals of a spike are undone at once, with the window in which the first of them may come: the
 * later ones find the inter-spike intervals of later windows still there. The arrivals of a row at a lane add up in one
 * order, the last one first, however the run is cut.
 */
export function undoDelayedTrial<M>(ofTrial: i32): void {
  trial = ofTrial
  takeRowsOf(laneGroup)
  if (wantsTaus()) beginTauShares<M>(crossShare())
  const isLast = adjoints() == 0 || isLastWindow()
  if (isLast) {
    if (fires() && peakGradients() != 0) hinge(trial)
    beginOwnEvents()
    beginAtEnd(laneGroup, trial)
  } else resumeSpikeIntervals(laneGroup, trial)
  if (isLast && peakGradients() != 0) openPeaks()
  const oldest = recordsOf(laneGroup, trial)
  for (let record = recordsEnd(laneGroup, trial); record > oldest; ) {
    record -= RECORD
    const n = laneOf(record)
    const time = load<f64>(record, SPIKE_TIME)
    takeUp(lane(P_U, n), lane(P_I, n), lane(NOW, n))
    takeUpInhibition(inhibitoryOf(n))
    if (isRelease(record)) undoRelease(n, record)
    else if (!undoSpike(trial, n, record)) return
    openSpikeInterval(n, time, time, pU, pI, pJ)
  }
  if (reachOfSpikeIntervals() > 0) undoSpikes<M>()
  if (adjoints() != 0) keepSpikeIntervals()
  if (adjoints() == 0 || isFirstWindow()) closeFirstSpikeIntervals()
}

/** Undoes what the spikes cause whose first arrival is in the window. */
function undoSpikes<M>(): void {
  beginAdjoint<M>()
  undoArrivals<M>(firstInstant(trial), endOfInstants(trial))
  if (adjoints() != 0 && wantsTaus() && isFirstWindow()) sumArrivalTaus<M>()
}

/** Lets the loss act on the maxima of lanes. */
function openPeaks(): void {
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const peak = peakOf(laneGroup, trial, n)
    const kind = load<i32>(peak, PEAK_KIND)
    const q = injectedInto(laneGroup, trial, n)
    if (q == 0 || (kind != PEAK_INSIDE && kind != PEAK_ON_ARRIVAL)) continue
    const time = load<f64>(peak, PEAK_TIME)
    inject(trial, n, time)
    // Arrivals at the time of a peak that sits on one are left to `eventAtPeak`.
    openSpikeInterval(n, kind == PEAK_INSIDE ? nextUp(load<f64>(peak, DELAYED_PEAK_SINCE)) : time, time, q, 0, 0)
  }
}

/** The lane group at work has its inter-spike intervals in a window of the trial; its arrivals come next. */
function beginAdjoint<M>(): void {
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
  isPlain = !isTwo<M>() && tausPerNeuron() == 0 && !wantsTaus() && near < tauMem() && hasRowOfEach()
  if (wantsTaus()) beginDelayedTaus(trial, near)
}

/** Undoes what some spikes cause at all lanes: everything, or where chance shifts arrivals what comes in the window. */
function undoArrivals<M>(first: usize, end: usize): void {
  forgetUndone()
  if (spikeShifts() != 0) {
    undoShifted<M>(first, end)
    countUndone(false)
    return
  }
  if (adjoints() != 0) touchRowsOf(first, end)
  for (let next = end; next > first; next -= SPIKE) undoArrivalsOf<M>(next - SPIKE)
  countUndone(tausPerNeuron() == 0 && near < tauMem())
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
  if (tausPerNeuron() == 0 && !isScaledFor(time)) scaleSpikeIntervals(originOf(time))
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
  if (!isTwo<M>() && tausPerNeuron() != 0) {
    undoAtTausPerNeuron(spike, row, lowest, highest)
    return
  }
  if (wantsTaus()) addTaus<M>(spike, row, lowest, highest)
  // Nearly equal time constants, and those of its own that a lane has, leave nothing to the scaled form.
  if (!(near < tauMem()) || tausPerNeuron() != 0) left = 255
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

/**
 * Undoes what some spikes cause in the window where chance has shifted arrivals, so that those of a row need not come as
 * they were sent: lane by lane, the last one first.
 */
function undoShifted<M>(first: usize, end: usize): void {
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const stop = listArrivals(laneGroup, n, first, end, reached(), horizon())
    takeUpTaus(laneGroup, n)
    for (let arrival = stop; arrival > listed; ) {
      arrival -= EVENT
      const row = rowOfArrival(arrival)
      const number = load<u32>(arrival, ARRIVAL_NUMBER)
      const time = load<f64>(arrival, ARRIVES)
      if (wantsTaus()) addTausAlone<M>(time, row, n)
      undoAlone(time, row, n)
      if (turned & (1 << n)) undoAtPeak(trial, time, row, load<u32>(arrival, ARRIVAL_UNIT), number, n)
      noteUndone(lane(EVENTS, n))
      if (eventSums() != 0) addEvent(laneGroup, number, n, lane(EVENTS, n))
    }
  }
}
