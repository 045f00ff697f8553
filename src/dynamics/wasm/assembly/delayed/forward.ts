import { endOfInstants, firstInstant } from '../instants'
import { fillLanes } from '../lanes'
import { outcome } from '../outcome'
import { restToFire } from '../rest'
import { BINS, EMITTED, SPIKE } from '../schema/delayed-records'
import { SINCE } from '../schema/lanes'
import { fires, longestDelays, peaks, size, until } from '../schema/plan'
import { DONE } from '../schema/records'
import { beginCounts } from '../spike-counts'
import { listArrivals, listWithin } from './arrivals'
import { dealBlock, emptyBins } from './bins'
import { blockOf, blockWidth, layGrid, reachOfGrid, width } from './grid'
import { carry, finish, putDown, receiveListed, takeUp } from './neuron'
import { climbDelayed } from './peaks'
import { sweepBin } from './sweep'

/** The lanes that are run bin by bin, as bits, and the longest of their delays. */
let swept: i32 = 0
let longest: f64 = 0
/** The first spike that may arrive in the bin at work, or later. */
let oldest: usize = 0

/** Runs a trial of an octet whose neurons each have an order of arrivals of their own; see `forward`. */
export function runDelayed(octet: i32, trial: i32): void {
  const held = min(8, size() - 8 * octet)
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  if (fires()) {
    beginCounts(octet, trial)
    restToFire(octet)
    fillLanes(SINCE, 0)
    chooseLanes(octet, held)
    for (let n = 0; n < held && outcome == DONE; n++) if ((swept & (1 << n)) == 0) runNeuron(octet, n, first, end)
    if (swept != 0) sweep(octet, first, end)
    if (outcome != DONE) return
  }
  if (peaks() != 0) for (let n = 0; n < held; n++) climbDelayed(octet, trial, n, first, end)
}

/** Lanes whose delays are short enough for the factors of the grid. */
function chooseLanes(octet: i32, held: i32): void {
  swept = 0
  longest = 0
  if (!layGrid()) return
  for (let n = 0; n < held; n++) {
    const delay = load<f64>(longestDelays() + 8 * (8 * <usize>octet + <usize>n))
    if (delay > reachOfGrid) continue
    swept |= 1 << n
    longest = max(longest, delay)
  }
}

/** Runs a neuron event by event. */
function runNeuron(octet: i32, n: i32, first: usize, end: usize): void {
  takeUp(octet, n)
  receiveListed(listArrivals(octet, n, first, end))
  if (outcome == DONE) finish()
  putDown()
}

/**
 * Runs lanes bin by bin. A lane moves on to the end of every bin in which something arrives at it: event by event where
 * it may cross its threshold on the way, so that the time of a spike never depends on what arrives later.
 */
function sweep(octet: i32, first: usize, end: usize): void {
  oldest = first
  emptyBins()
  let next: f64 = 0
  while (skipSpikes(next, end)) {
    const block = max(next, blockOf(load<f64>(oldest, EMITTED)))
    next = block + blockWidth
    dealBlock(octet, block, oldest, end)
    for (let bin = 0; bin < BINS; bin++) {
      const start = block + <f64>bin * width
      const some = sweepBin(bin, start) & swept
      if (some != 0) cross(octet, some, start, end)
      if (outcome != DONE) return
    }
  }
  for (let some = swept; some != 0 && outcome == DONE; some &= some - 1) {
    takeUp(octet, ctz(some))
    finish()
    putDown()
  }
}

/** Passes spikes that arrive before a time at all lanes; false if none are left. */
function skipSpikes(time: f64, end: usize): bool {
  while (oldest < end && load<f64>(oldest, EMITTED) + longest < time) oldest += SPIKE
  return oldest < end
}

/** Runs lanes event by event through a bin. */
function cross(octet: i32, crossing: i32, start: f64, end: usize): void {
  skipSpikes(start, end)
  const stop = start + width
  for (let some = crossing; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(octet, n)
    receiveListed(listWithin(octet, n, oldest, end, start, stop))
    if (outcome == DONE) {
      if (stop < until()) carry(stop, stop)
      else finish()
    }
    putDown()
    if (outcome != DONE) return
  }
}
