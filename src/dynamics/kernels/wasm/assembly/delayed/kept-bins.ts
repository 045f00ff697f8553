import { touch } from '../gradients/gradient-tree'
import { OneCurrent } from '../lanes/membrane'
import { expQuotient } from '../numerics/exp'
import { BIN, BIN_LANE, BINS, EMITTED, EXCITING, SPIKE, SPIKE_FACTORS, SPIKE_UNIT } from '../schema/delayed-records'
import {
  bins,
  clearFrom,
  complete,
  dealtBefore,
  delays,
  horizon,
  increments,
  keptBinCount,
  keptBins,
  keptFits,
  keptWindow,
  leastDelay,
  longestDelay,
  ratio,
  rows,
  settled,
  tauMem,
  tauSyn,
  trials,
  until,
} from '../schema/header'
import { beginDealing, clearBin, dealSpikes } from './bins'
import { blockOf, blockWidth, width } from './grid'
import { spanOfFactors } from './spikes'
import { endOfRowsOf, firstRowOf } from './unit-rows'

/**
 * Bins that stay from window to window, as many as hold everything that is on its way: a ring per lane group and trial. So
 * a spike is dealt out once, when all earlier ones are known: what lies in a bin is added up in the order of the spikes,
 * however the run is cut. Of later spikes there are only the arrivals that complete bins must have.
 *
 * Behind the bins of a ring are one for what belongs into none, and a note: the window that it was dealt for. Bins that were
 * swept are emptied by the window after, so that a window can be run once more.
 */
function ringOf(laneGroup: i32, trial: i32): usize {
  return keptBins() + BIN * <usize>(keptBinCount() + 2) * (<usize>laneGroup * <usize>trials() + <usize>trial)
}

/** Place of the first bin of a block in a ring. */
function placeOf(block: f64): i32 {
  return <i32>(<i64>(block / width)) & (keptBinCount() - 1)
}

/** The bins of a block. */
export function keptBlock(laneGroup: i32, trial: i32, block: f64): usize {
  return ringOf(laneGroup, trial) + BIN * <usize>placeOf(block)
}

/** Deals what has become known since the last window. Bins are complete up to `to` once it is through. */
export function dealKept(laneGroup: i32, trial: i32, first: usize, end: usize, to: f64, longest: f64): void {
  const ring = ringOf(laneGroup, trial)
  const note = ring + BIN * <usize>(keptBinCount() + 1)
  if (load<i32>(note) == keptWindow()) return
  store<i32>(note, keptWindow())
  for (let start = clearFrom(); start < complete(); start += width) clearBin(ring + BIN * <usize>placeOf(start))
  deal(laneGroup, ring, firstFrom(dealtBefore(), first, end), end, complete(), to, longest)
}

/** Deals out again all arrivals from `to` on, after a window that the ring is too short for. */
export function dealAnew(laneGroup: i32, trial: i32, first: usize, end: usize, to: f64, longest: f64): void {
  const ring = ringOf(laneGroup, trial)
  store<i32>(ring + BIN * <usize>(keptBinCount() + 1), keptWindow())
  memory.fill(ring, 0, BIN * <usize>keptBinCount())
  deal(laneGroup, ring, first, end, to, to, longest)
}

/** Deals spikes whose arrivals may come from some time on. */
function deal(laneGroup: i32, ring: usize, fresh: usize, end: usize, from: f64, to: f64, longest: f64): void {
  if (fresh == end) return
  const settledEnd = firstFrom(settled(), fresh, end)
  const latest = blockOf(load<f64>(end - SPIKE, EMITTED) + longest) + blockWidth
  const unsettledEnd = endOfUnsettled(settledEnd, end, to)
  touchRows(laneGroup, fresh, unsettledEnd)
  dealAround(laneGroup, ring, fresh, settledEnd, from, min(until(), latest))
  dealAround(laneGroup, ring, settledEnd, unsettledEnd, from, min(min(to, horizon()), latest))
}

/**
 * Adds the arrivals of spikes from some time on, and before another, up in the bins of a ring, as `dealSpikes` does in those
 * of a block: relative to the origin of the span of factors that an arrival lies in, which for the later ones may be the next.
 */
function dealAround(laneGroup: i32, ring: usize, first: usize, end: usize, from: f64, before: f64): void {
  const base: usize = 64 * <usize>rows() * <usize>laneGroup
  const laneDelays = delays() + base
  const laneIncrements = increments() + 2 * base
  const block = blockOf(from)
  const span = spanOfFactors()
  for (let spike = first; spike < end; spike += SPIKE) {
    const time = load<f64>(spike, EMITTED)
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    const next = floor(time / span) * span + span
    const factors = v128.load(spike, SPIKE_FACTORS)
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64)
      dealRowAround(ring, block, time, laneDelays + row, laneIncrements + 2 * row, factors, from, min(before, next))
    if (before <= next || time + longestDelay() < next) continue
    const later = f64x2.replace_lane(
      f64x2.splat(expQuotient(time - next, tauSyn())),
      1,
      expQuotient(time - next, tauMem()),
    )
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64)
      dealRowAround(ring, block, time, laneDelays + row, laneIncrements + 2 * row, later, max(from, next), before)
  }
}

/** Adds the arrivals through a row from some time on, and before another, up in the bins of a ring; `block` comes before them. */
function dealRowAround(
  ring: usize,
  block: f64,
  emitted: f64,
  delay: usize,
  increment: usize,
  factors: v128,
  from: f64,
  before: f64,
): void {
  const mask = keptBinCount() - 1
  const trash = ring + BIN * <usize>keptBinCount()
  const place0 = placeOf(block)
  const time = f64x2.splat(emitted)
  const start = f64x2.splat(block)
  const perWidth = f64x2.splat(1 / width)
  const lowest = f64x2.splat(from)
  const highest = f64x2.splat(before)
  const zero = f64x2.splat(0)
  const areEqual = ratio() == 1
  for (let lane: usize = 0; lane < BIN; lane += 2 * BIN_LANE, delay += 16, increment += 32) {
    const arrives = f64x2.add(time, v128.load(delay))
    const bits = i64x2.bitmask(v128.and(f64x2.ge(arrives, lowest), f64x2.lt(arrives, highest)))
    if (bits == 0) continue
    const place = f64x2.mul(f64x2.sub(arrives, start), perWidth)
    const bin = i32x4.trunc_sat_f64x2_u_zero(place)
    const one = ((bits & 1) != 0 ? ring + BIN * <usize>((place0 + i32x4.extract_lane(bin, 0)) & mask) : trash) + lane
    const other = ((bits & 2) != 0 ? ring + BIN * <usize>((place0 + i32x4.extract_lane(bin, 1)) & mask) : trash) + lane
    let x = f64x2.mul(factors, v128.load(increment))
    let y = f64x2.mul(factors, v128.load(increment, 16))
    if (areEqual) {
      const blocks = f64x2.splat(<f64>BINS)
      const own = f64x2.sub(place, f64x2.mul(blocks, f64x2.floor(f64x2.div(place, blocks))))
      x = f64x2.mul(x, i64x2.shuffle(f64x2.splat(1), own, 0, 2))
      y = f64x2.mul(y, i64x2.shuffle(f64x2.splat(1), own, 0, 3))
    }
    v128.store(one, f64x2.add(v128.load(one), x))
    v128.store(one, f64x2.add(v128.load(one, EXCITING), f64x2.pmax(zero, x)), EXCITING)
    v128.store(other, f64x2.add(v128.load(other, BIN_LANE), y), BIN_LANE)
    v128.store(other, f64x2.add(v128.load(other, BIN_LANE + EXCITING), f64x2.pmax(zero, y)), BIN_LANE + EXCITING)
  }
}

/** Looks at the rows of some spikes: between two windows other lane groups have pushed them out of the caches. */
function touchRows(laneGroup: i32, first: usize, end: usize): void {
  const base: usize = 64 * <usize>rows() * <usize>laneGroup
  for (let spike = first; spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = base + endOfRowsOf(unit)
    for (let row = base + firstRowOf(unit); row < rowsEnd; row += 64) {
      touch(delays() + row)
      touch(increments() + 2 * row)
      touch(increments() + 2 * row + 64)
    }
  }
}

/** The end of those among some spikes that may arrive somewhere before a time. */
export function endOfUnsettled(first: usize, end: usize, before: f64): usize {
  let stop = end
  while (stop > first && load<f64>(stop - SPIKE, EMITTED) + leastDelay() >= before) stop -= SPIKE
  return stop
}

/** The first of some spikes that was emitted at a time or later; most are earlier. */
export function firstFrom(time: f64, first: usize, end: usize): usize {
  let spike = end
  while (spike > first && load<f64>(spike - SPIKE, EMITTED) >= time) spike -= SPIKE
  return spike
}

/** Whether all that the window is about fits into the bins that are kept. */
export function isInRing(): bool {
  return keptBins() != 0 && keptFits()
}

/** The bin that the window ends in, with what is known of later spikes. */
export function withUnsettled(laneGroup: i32, kept: usize, block: f64, bin: i32, first: usize, end: usize): usize {
  const unsettled = firstFrom(settled(), first, end)
  const stop = endOfUnsettled(unsettled, end, horizon())
  if (unsettled == stop) return kept
  const own = bins() + BIN * <usize>bin
  memory.copy(own, kept, BIN)
  beginDealing(bins(), BINS, block, <f64>bin, <f64>(bin + 1), horizon())
  dealSpikes<OneCurrent>(laneGroup, unsettled, stop)
  return own
}
