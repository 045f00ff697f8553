import { touch } from '../gradients/gradient-tree'
import { OneCurrent } from '../lanes/membrane'
import { BIN, BINS, EMITTED, SPIKE, SPIKE_UNIT } from '../schema/delayed-records'
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
  rows,
  settled,
  trials,
  until,
} from '../schema/header'
import { beginDealing, clearBin, dealSpikes } from './bins'
import { blockOf, blockWidth, width } from './grid'
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

/** Deals everything anew that arrives from `to` on, after a window that the ring is too short for. */
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
  const latest = load<f64>(end - SPIKE, EMITTED) + longest
  const unsettledEnd = endOfUnsettled(settledEnd, end, to)
  touchRows(laneGroup, fresh, unsettledEnd)
  for (let block = blockOf(max(from, load<f64>(fresh, EMITTED) + leastDelay())); block <= latest; block += blockWidth) {
    const place = placeOf(block)
    const into = ring + BIN * <usize>place
    const trash = keptBinCount() - place
    beginDealing(into, trash, block, (from - block) / width, <f64>BINS, until())
    dealSpikes<OneCurrent>(laneGroup, fresh, settledEnd)
    if (settledEnd == unsettledEnd || !(block < to)) continue
    beginDealing(into, trash, block, (from - block) / width, (to - block) / width, horizon())
    dealSpikes<OneCurrent>(laneGroup, settledEnd, unsettledEnd)
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
