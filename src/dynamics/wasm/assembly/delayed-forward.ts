import { listArrivals, listWithin } from './delayed-arrivals'
import { dealBlock } from './delayed-bins'
import { BINS, blockWidth, layGrid, reachOfGrid, startOf, width } from './delayed-grid'
import { carry, finish, putDown, receiveListed, takeUp } from './delayed-neuron'
import { climbDelayed } from './delayed-peaks'
import { EMITTED, SPIKE } from './delayed-spikes'
import { passBin, sweepBin } from './delayed-sweep'
import { endOfInstants, firstInstant } from './instants'
import { FIRED, I, LAST_ARRIVAL, lane, lanes, NEXT_I, NEXT_U, setLane, U } from './lanes'
import { DONE, outcome } from './outcome'
import { fires, longestDelays, octets, peaks, size, spikeCounts, until } from './plan'
import { rest } from './rest'

/** The lanes that are run bin by bin, as bits; the latest time at which something may arrive at one of them. */
let swept: i32 = 0
let lastArrival: f64 = 0
/** The longest delay of these lanes. */
let longest: f64 = 0
/** The first spike that may arrive in the bin at work, or later. */
let oldest: usize = 0

/** Runs a trial of an octet whose neurons each have an order of arrivals of their own; see `forward`. */
export function runDelayed(octet: i32, trial: i32): void {
  const held = min(8, size() - 8 * octet)
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  rest(octet)
  if (fires()) {
    swept = 0
    if (layGrid(first, end)) sweep(octet, held, first, end)
    for (let n = 0; n < held && outcome == DONE; n++) if ((swept & (1 << n)) == 0) runNeuron(octet, n, first, end)
    if (outcome != DONE) return
  }
  if (peaks() != 0) for (let n = 0; n < held; n++) climbDelayed(octet, trial, n, first, end)
  if (fires()) memory.copy(spikeCounts() + 32 * (<usize>trial * <usize>octets() + <usize>octet), lanes + FIRED, 32)
}

/** Runs a neuron event by event. */
function runNeuron(octet: i32, n: i32, first: usize, end: usize): void {
  takeUp(octet, n, 0)
  receiveListed(listArrivals(octet, n, first, end))
  if (outcome == DONE) finish()
  putDown()
}

/** Runs lanes bin by bin, those that may cross their threshold in a bin event by event through it. */
function sweep(octet: i32, held: i32, first: usize, end: usize): void {
  chooseLanes(octet, held, load<f64>(end - SPIKE, EMITTED))
  if (swept == 0) return
  const begin = load<f64>(first, EMITTED)
  let start = startOf(begin, width)
  approach(octet, start)
  oldest = first
  for (let block = startOf(begin, blockWidth); block <= lastArrival && outcome == DONE; block += blockWidth) {
    skipSpikes(block, end)
    dealBlock(octet, block, oldest, end)
    for (let bin = <i32>((start - block) / width); bin < BINS && start <= lastArrival; bin++) {
      const crossing = sweepBin(bin, start)
      if (crossing != 0) cross(octet, crossing, start, end)
      if (outcome != DONE) return
      passBin()
      start += width
    }
  }
  for (let some = swept; some != 0 && outcome == DONE; some &= some - 1) leave(octet, ctz(some))
}

/** Lanes whose delays are short enough for the factors of the grid. */
function chooseLanes(octet: i32, held: i32, lastSpike: f64): void {
  longest = lastArrival = 0
  for (let n = 0; n < 8; n++) {
    const delay = load<f64>(longestDelays() + 8 * (8 * <usize>octet + <usize>n))
    const isSwept = n < held && delay <= reachOfGrid()
    setLane(LAST_ARRIVAL, n, isSwept ? min(lastSpike + delay, until()) : -Infinity)
    if (!isSwept) continue
    swept |= 1 << n
    longest = max(longest, delay)
    lastArrival = max(lastArrival, lane(LAST_ARRIVAL, n))
  }
}

/** Carries the lanes from rest to the first bin. */
function approach(octet: i32, start: f64): void {
  if (start == 0) return
  for (let some = swept; some != 0 && outcome == DONE; some &= some - 1) {
    takeUp(octet, ctz(some), 0)
    carry(start, start)
    putDown()
  }
}

/** Spikes that arrive before a time at all lanes are of no concern any more. */
function skipSpikes(time: f64, end: usize): void {
  while (oldest < end && load<f64>(oldest, EMITTED) + longest < time) oldest += SPIKE
}

/** Runs lanes event by event through the bin at work. */
function cross(octet: i32, crossing: i32, start: f64, end: usize): void {
  skipSpikes(start, end)
  const stop = start + width
  for (let some = crossing; some != 0; some &= some - 1) {
    const n = ctz(some)
    takeUp(octet, n, start)
    receiveListed(listWithin(octet, n, oldest, end, start, stop))
    if (outcome == DONE) {
      if (stop < until()) carry(stop, stop)
      else finish()
    }
    putDown()
    if (outcome != DONE) return
    setLane(NEXT_U, n, lane(U, n))
    setLane(NEXT_I, n, lane(I, n))
  }
}

/** Carries a lane from its last bin to the end of the trial. */
function leave(octet: i32, n: i32): void {
  takeUp(octet, n, startOf(lane(LAST_ARRIVAL, n), width) + width)
  finish()
  putDown()
}
