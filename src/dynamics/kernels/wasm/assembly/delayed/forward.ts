import { endOfInstants, firstInstant } from '../events/instants'
import { beginCounts, countsOf, stateAfter, stateBefore } from '../lanes/lane-states'
import { setLane } from '../lanes/lanes'
import { isTwo, OneCurrent } from '../lanes/membrane'
import { beginRunaway, outcome } from '../lanes/outcome'
import { BIN, BINS, EMITTED, SPIKE } from '../schema/delayed-records'
import {
  bins,
  complete,
  fires,
  horizon,
  keptBins,
  lastSpike,
  longestDelays,
  peaks,
  reached,
  size,
  spikeShifts,
} from '../schema/header'
import { TEST } from '../schema/lanes'
import { DONE } from '../schema/records'
import { listArrivals } from './arrivals'
import { clearBin, clearScratch, closeBins, dealBlock, enterBlock, openBins } from './bins'
import { blockOf, blockWidth, completeBy, layGrid, reachOfGrid, width } from './grid'
import { dealAnew, dealKept, isInRing, keptBlock, withUnsettled } from './kept-bins'
import {
  carry,
  catchUp,
  nextOwnEvent,
  putDown,
  putDownOwn,
  receiveListed,
  runOwnEvents,
  show,
  takeUp,
  takeUpOwn,
} from './neuron'
import { climbDelayed } from './peaks'
import { firstArriving } from './spikes'
import { lookInto, sweepBin } from './sweep'
import { countBins, countOwnPeaks, countOwnRest, forgetBins } from './traffic'
import { takeRowsOf } from './unit-rows'
import { keepWalk, noteWalked, takeUpWalk, walkedIn } from './walks'

/** The lanes that are run bin by bin, as bits, and the longest of their delays. */
let swept: i32 = 0
let longest: f64 = 0
/** The first spike that may arrive in the bin at work, or later. */
let oldest: usize = 0
/** The bin in which the window ends: its place in its block, and where it is. */
let partial: i32 = 0
let partialBin: usize = 0

/** Runs a trial of a lane group whose neurons each have an order of arrivals of their own through a window; see `forward`. */
export function runDelayed<M>(laneGroup: i32, trial: i32): void {
  takeRowsOf(laneGroup)
  const held = min(8, size() - 8 * laneGroup)
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  const isFirst = stateBefore(laneGroup, trial) == 0
  if (isFirst) countOwnPeaks()
  if (fires()) {
    forgetBins()
    if (isFirst) countOwnRest()
    takeUpTrial(laneGroup, trial, held)
    for (let n = 0; n < held && outcome == DONE; n++) if ((swept & (1 << n)) == 0) runNeuron(laneGroup, n, first, end)
    const to = completeBy(lastSpike())
    if (swept != 0) {
      if (!isTwo<M>() && isInRing()) sweepKept(laneGroup, trial, first, end, to)
      else sweep<M>(laneGroup, first, end, to)
    }
    if (outcome != DONE) return
    countBins()
    const kept = stateAfter(laneGroup, trial)
    if (kept != 0) putDownOwn(kept, countsOf(laneGroup, trial))
    if (swept != 0) lookOn<M>(laneGroup, trial, end, to)
    if (swept != 0 && keptBins() != 0 && !isInRing()) dealAnew(laneGroup, trial, first, end, to, longest)
    if (outcome != DONE) return
  }
  if (peaks() != 0) for (let n = 0; n < held; n++) climbDelayed(laneGroup, trial, n, first, end)
}

/** When a neuron of a lane group fires next in a trial, or is let go, between two windows, if nothing more arrives; Infinity: never. */
export function nextDelayedEvent<M>(laneGroup: i32, trial: i32): f64 {
  takeRowsOf(laneGroup)
  beginRunaway(laneGroup, trial)
  const held = min(8, size() - 8 * laneGroup)
  let next: f64 = Infinity
  takeUpTrial(laneGroup, trial, held)
  for (let n = 0; n < held; n++) if ((swept & (1 << n)) == 0) next = min(next, nextOf(laneGroup, n))
  if (swept != 0) next = min(next, nextOfSwept<M>(laneGroup, trial))
  return next
}

/** The same of the lanes that are run bin by bin. */
function nextOfSwept<M>(laneGroup: i32, trial: i32): f64 {
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  const state = stateBefore(laneGroup, trial)
  const crossing = passKnown<M>(laneGroup, trial, first, end)
  const stop = complete() + width
  let walked = walkedIn(state, complete())
  let next: f64 = Infinity
  for (let some = swept; some != 0; some &= some - 1) {
    const n = ctz(some)
    const walks = (crossing & (1 << n)) != 0
    if (walks && walked & (1 << n)) takeUpWalk(laneGroup, n, state)
    else takeUp(laneGroup, n)
    if (walks && !(walked & (1 << n))) {
      receiveListed(listArrivals(laneGroup, n, first, end, complete(), reached()))
      catchUp()
      keepWalk(state, n)
      walked |= 1 << n
    }
    next = min(next, walks ? nextOfWalk(stop) : nextOwnEvent())
    show()
  }
  noteWalked(state, complete(), walked)
  return next
}

/** The same for a neuron that walks through a bin up to `stop`, after which it continues in its state at `stop`. */
function nextOfWalk(stop: f64): f64 {
  const next = nextOwnEvent()
  if (next <= stop) return next
  carry(stop)
  return nextOwnEvent()
}

function nextOf(laneGroup: i32, n: i32): f64 {
  takeUp(laneGroup, n)
  const next = nextOwnEvent()
  show()
  return next
}

/** Carries lanes through the bin that the last window ended in, as if nothing else came; returns those that walk, as bits. */
function passKnown<M>(laneGroup: i32, trial: i32, first: usize, end: usize): i32 {
  const block = blockOf(complete())
  const bin = <i32>((complete() - block) / width)
  const start = block + <f64>bin * width
  keepFromSweep()
  openBins()
  let own = bins() + BIN * <usize>bin
  if (!isTwo<M>() && isInRing()) {
    // What comes later in the bin is in there, too: it changes nothing before it arrives.
    enterBlock<OneCurrent>(block)
    own = withUnsettled(laneGroup, keptBlock(laneGroup, trial, block) + BIN * <usize>bin, block, bin, first, end)
  } else dealBlock<M>(laneGroup, block, first, end)
  const crossing = sweepBin<M>(own, bin, start)
  clearScratch(own, bin)
  closeBins()
  return crossing & swept
}

/** Lanes that have been run event by event have no part in bins: they count as crossing, and stay where they are. */
function keepFromSweep(): void {
  for (let n = 0; n < 8; n++) if ((swept & (1 << n)) == 0) setLane(TEST, n, -Infinity)
}

function takeUpTrial(laneGroup: i32, trial: i32, held: i32): void {
  beginCounts(laneGroup, trial)
  takeUpOwn(laneGroup, stateBefore(laneGroup, trial), countsOf(laneGroup, trial))
  chooseLanes(laneGroup, held)
}

/** Lanes whose delays are short enough for the factors of the grid; chance gives every spike others. */
function chooseLanes(laneGroup: i32, held: i32): void {
  swept = 0
  longest = 0
  if (spikeShifts() != 0 || !layGrid()) return
  for (let n = 0; n < held; n++) {
    const delay = load<f64>(longestDelays() + 8 * (8 * <usize>laneGroup + <usize>n))
    if (delay > reachOfGrid) continue
    swept |= 1 << n
    longest = max(longest, delay)
  }
}

/** Runs a neuron event by event. */
function runNeuron(laneGroup: i32, n: i32, first: usize, end: usize): void {
  takeUp(laneGroup, n)
  // Chance may shift what arrives.
  const delay = load<f64>(longestDelays() + 8 * (8 * <usize>laneGroup + <usize>n))
  const from = spikeShifts() == 0 ? firstArriving(reached(), delay, first, end) : first
  receiveListed(listArrivals(laneGroup, n, from, end, reached(), horizon()))
  if (outcome == DONE) runOwnEvents(lastSpike())
  putDown()
}

/**
 * Runs lanes bin by bin, up to `to`, where the first bin ends of which not everything is known. A lane moves on to the end
 * of every bin in which something arrives at it: event by event where it may cross its threshold on the way, so that the
 * time of a spike never depends on what arrives later.
 */
function sweep<M>(laneGroup: i32, first: usize, end: usize, to: f64): void {
  oldest = first
  partial = 0
  partialBin = bins()
  keepFromSweep()
  openBins()
  let next = complete()
  while (skipSpikes(next, end)) {
    const block = blockOf(max(next, load<f64>(oldest, EMITTED)))
    if (block > to) break
    dealBlock<M>(laneGroup, block, oldest, end)
    for (let bin = <i32>((max(next, block) - block) / width); bin < BINS; bin++) {
      const start = block + <f64>bin * width
      const own = bins() + BIN * <usize>bin
      if (start >= to) {
        partial = bin
        partialBin = own
        return
      }
      const some = sweepBin<M>(own, bin, start) & swept
      clearBin(own)
      if (some != 0) cross(laneGroup, some, start, end)
      if (outcome != DONE) return
    }
    next = block + blockWidth
  }
}

/** The same in bins that are kept from window to window, as they are with one current. */
function sweepKept(laneGroup: i32, trial: i32, first: usize, end: usize, to: f64): void {
  oldest = first
  keepFromSweep()
  openBins()
  dealKept(laneGroup, trial, first, end, to, longest)
  for (let block = blockOf(complete()); ; block += blockWidth) {
    enterBlock<OneCurrent>(block)
    const kept = keptBlock(laneGroup, trial, block)
    for (let bin = <i32>((max(complete(), block) - block) / width); bin < BINS; bin++) {
      const start = block + <f64>bin * width
      const own = kept + BIN * <usize>bin
      if (start >= to) {
        partial = bin
        partialBin = withUnsettled(laneGroup, own, block, bin, first, end)
        return
      }
      const some = sweepBin<OneCurrent>(own, bin, start) & swept
      if (some != 0) cross(laneGroup, some, start, end)
      if (outcome != DONE) return
    }
  }
}

/** Passes spikes that arrive before a time at all lanes; false if none are left. */
function skipSpikes(time: f64, end: usize): bool {
  while (oldest < end && load<f64>(oldest, EMITTED) + longest < time) oldest += SPIKE
  return oldest < end
}

/** Runs lanes event by event through a bin. */
function cross(laneGroup: i32, crossing: i32, start: f64, end: usize): void {
  skipSpikes(start, end)
  const stop = start + width
  for (let some = crossing; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(laneGroup, n)
    receiveListed(listArrivals(laneGroup, n, oldest, end, start, stop))
    if (outcome == DONE) carry(stop)
    putDown()
    if (outcome != DONE) return
  }
}

/**
 * Finds the spikes from the last complete bin to the end of the window; the lanes stay where they are, since the other
 * arrivals of the bin are not known yet.
 */
function lookOn<M>(laneGroup: i32, trial: i32, end: usize, to: f64): void {
  const seen = (to < Infinity ? lookInto<M>(partialBin, partial, to) : 255) & swept
  clearScratch(partialBin, partial)
  closeBins()
  const before = stateBefore(laneGroup, trial)
  const after = stateAfter(laneGroup, trial)
  const walked = walkedIn(before, to)
  for (let some = seen; some != 0; some &= some - 1) {
    const n = ctz(some)
    const goesOn = (walked & (1 << n)) != 0
    const since = goesOn ? reached() : to
    if (goesOn) takeUpWalk(laneGroup, n, before)
    else takeUp(laneGroup, n)
    const first = firstArriving(since, longest, oldest, end)
    receiveListed(listArrivals(laneGroup, n, first, end, since, horizon()))
    if (outcome == DONE) runOwnEvents(lastSpike())
    if (outcome != DONE) return
    show()
    if (after != 0) keepWalk(after, n)
  }
  if (after != 0) noteWalked(after, to, seen)
}
