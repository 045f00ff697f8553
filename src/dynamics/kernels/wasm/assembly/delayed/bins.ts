import {
  inhibitoryCrossShare,
  kappa,
  kappaInh,
  leastShare,
  propagate,
  propagateInhibition,
} from '../equations/propagator'
import { isTwo } from '../lanes/membrane'
import { expQuotient } from '../numerics/exp'
import {
  BIN,
  BIN_LANE,
  BINS,
  EMITTED,
  EXCITING,
  GRID_INHIBITED_SPANS,
  GRID_SPANS,
  INHIBITED_SPAN,
  INHIBITED_SPAN_DECAY,
  INHIBITED_SPAN_KAPPA,
  INHIBITED_SPAN_SHARE,
  SPAN,
  SPAN_BOUND,
  SPAN_DECAY_MEM,
  SPAN_KAPPA,
  SPIKE,
  SPIKE_FACTORS,
  SPIKE_UNIT,
} from '../schema/delayed-records'
import {
  bins,
  complete,
  delays,
  hasInhibition,
  horizon,
  increments,
  peakKappa,
  peakTime,
  ratio,
  ratioInh,
  rows,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/header'
import { blockWidth, width } from './grid'
import { crossShare } from './spike-intervals'
import { inhibitoryFactorOf, originOf } from './spikes'
import { endOfRowsOf, firstRowOf } from './unit-rows'

/** The width of bins and the time constants that the spans were made for. */
let spansWidth: f64 = 0
let spansTauMem: f64 = 0
let spansTauSyn: f64 = 0
let spansTauSynInh: f64 = 0

/** e^{(O - start)/tauSyn}, e^{(O - start)/tauMem} and e^{(O - start)/tauSynInh} of the block. */
let blockSyn: f64 = 0
let blockMem: f64 = 0
let blockInh: f64 = 0

/** All bins are empty: each is emptied as soon as its block has been worked through. */
let areEmpty: bool = false

/** Empties all bins, unless they were left empty, and looks after what follows from the time constants. */
export function openBins(): void {
  if (!areEmpty) memory.fill(bins(), 0, BIN * <usize>BINS)
  areEmpty = false
  if (spansWidth != width || spansTauMem != tauMem() || spansTauSyn != tauSyn()) writeSpans()
  else if (hasInhibition() && spansTauSynInh != tauSynInh()) writeSpans()
}

/** All bins are empty again. */
export function closeBins(): void {
  areEmpty = true
}

/** A block of bins is at work: what turns their sums into states follows from where it starts. */
export function enterBlock<M>(start: f64): void {
  const origin = originOf(start)
  blockSyn = expQuotient(origin - start, tauSyn())
  blockMem = expQuotient(origin - start, tauMem())
  if (isTwo<M>()) blockInh = expQuotient(origin - start, tauSynInh())
}

/** Deals the arrivals of spikes in the window out to the bins of a block, from scratch. */
export function dealBlock<M>(laneGroup: i32, start: f64, first: usize, end: usize): void {
  enterBlock<M>(start)
  beginDealing(bins(), BINS, start, (complete() - start) / width, <f64>BINS, horizon())
  dealSpikes<M>(laneGroup, first, end)
}

/** Where the bins of the block at work are, which bin takes what belongs into none, where the block starts. */
let blockBins: usize = 0
let trash: f64 = 0
let blockStart: f64 = 0
/** The first bin that is dealt to, and the one behind the last; arrivals at some time or later are left out. */
let firstBin: f64 = 0
let endOfBins: f64 = 0
let endOfArrivals: f64 = 0

/** What is dealt next goes to some bins of a block. */
export function beginDealing(into: usize, trashBin: i32, start: f64, from: f64, to: f64, before: f64): void {
  blockBins = into
  trash = <f64>trashBin
  blockStart = start
  firstBin = max(0, from)
  endOfBins = min(<f64>BINS, to)
  endOfArrivals = before
}

/**
 * Adds the arrivals of spikes up in the bins of a block: per bin and lane the pair
 *
 *     sum of w e^{(t - O)/tauSyn}, sum of w e^{(t - O)/tauMem}
 *
 * (where both time constants are equal, the second has w (t - start)/width e^{(t - O)/tau}, from the start of the block)
 * over all arrivals, then over those that excite; of two currents over those that inhibit, with tauSynInh for tauSyn, then
 * over those that excite. O is the origin of the span of factors that the block lies in. They are added up in the order of
 * the spikes.
 */
export function dealSpikes<M>(laneGroup: i32, first: usize, end: usize): void {
  const origin = originOf(blockStart)
  const stop = blockStart + blockWidth
  const perWidth = 1 / width
  const base: usize = 64 * <usize>rows() * <usize>laneGroup
  const laneDelays = delays() + base
  const laneIncrements = increments() + 2 * base
  for (let spike = first; spike < end; spike += SPIKE) {
    const time = load<f64>(spike, EMITTED)
    if (!(time < stop)) break
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    let row = firstRowOf(unit)
    if (row == rowsEnd) continue
    let factors = v128.load(spike, SPIKE_FACTORS)
    let inh = isTwo<M>() ? load<f64>(inhibitoryFactorOf(spike)) : 0
    // Delays may carry a spike beyond the span that its factors are made for.
    if (time < origin) {
      factors = f64x2.splat(expQuotient(time - origin, tauSyn()))
      factors = f64x2.replace_lane(factors, 1, expQuotient(time - origin, tauMem()))
      if (isTwo<M>()) inh = expQuotient(time - origin, tauSynInh())
    }
    const inhibiting = isTwo<M>() ? f64x2.replace_lane(factors, 0, inh) : factors
    for (; row < rowsEnd; row += 64)
      dealRow<M>(laneDelays + row, laneIncrements + 2 * row, time, factors, inhibiting, perWidth)
  }
}

function dealRow<M>(delay: usize, increment: usize, emitted: f64, factors: v128, inhibiting: v128, perBin: f64): void {
  let into = blockBins
  const last = into + BIN
  const zero = f64x2.splat(0)
  const time = f64x2.splat(emitted)
  const end = f64x2.splat(endOfArrivals)
  const from = f64x2.splat(blockStart)
  const perWidth = f64x2.splat(perBin)
  const lowest = f64x2.splat(firstBin)
  const highest = f64x2.splat(endOfBins)
  const beyond = f64x2.splat(trash)
  const unity = f64x2.splat(1)
  let someEqual = ratio() == 1
  if (isTwo<M>()) someEqual = someEqual || ratioInh() == 1
  do {
    const arrives = f64x2.add(time, v128.load(delay))
    const place = f64x2.mul(f64x2.sub(arrives, from), perWidth)
    const isHere = v128.and(v128.and(f64x2.ge(place, lowest), f64x2.lt(place, highest)), f64x2.lt(arrives, end))
    if (!isTwo<M>() || v128.any_true(isHere)) {
      const bin = i32x4.shl(i32x4.trunc_sat_f64x2_u_zero(v128.bitselect(place, beyond, isHere)), 8)
      const one = into + <usize>i32x4.extract_lane(bin, 0)
      const other = into + <usize>i32x4.extract_lane(bin, 1)
      const w = v128.load(increment)
      const v = v128.load(increment, 16)
      let x = f64x2.mul(isTwo<M>() ? v128.bitselect(inhibiting, factors, f64x2.lt(w, zero)) : factors, w)
      let y = f64x2.mul(isTwo<M>() ? v128.bitselect(inhibiting, factors, f64x2.lt(v, zero)) : factors, v)
      if (someEqual) {
        x = f64x2.mul(x, placed<M>(w, i64x2.shuffle(unity, place, 0, 2)))
        y = f64x2.mul(y, placed<M>(v, i64x2.shuffle(unity, place, 0, 3)))
      }
      v128.store(one, f64x2.add(v128.load(one), isTwo<M>() ? f64x2.pmin(zero, x) : x))
      v128.store(one, f64x2.add(v128.load(one, EXCITING), f64x2.pmax(zero, x)), EXCITING)
      v128.store(other, f64x2.add(v128.load(other, BIN_LANE), isTwo<M>() ? f64x2.pmin(zero, y) : y), BIN_LANE)
      v128.store(other, f64x2.add(v128.load(other, BIN_LANE + EXCITING), f64x2.pmax(zero, y)), BIN_LANE + EXCITING)
    }
    delay += 16
    increment += 32
    into += 2 * BIN_LANE
  } while (into < last)
}

/** What a pair is multiplied by where some current fades as U does: its place in the block, if that is the one it drives. */
function placed<M>(increment: v128, place: v128): v128 {
  if (!isTwo<M>()) return place
  const unity = f64x2.splat(1)
  const exciting = ratio() == 1 ? place : unity
  const inhibiting = ratioInh() == 1 ? place : unity
  return v128.bitselect(inhibiting, exciting, f64x2.lt(increment, f64x2.splat(0)))
}

/** What turns the sums of a bin of this block into the current they leave at its end. */
export function synAtEnd(bin: i32): f64 {
  return blockSyn * load<f64>(spans() + SPAN * <usize>(bin + 1))
}

/** What turns the sums of a bin of this block into the voltage at its end: first · the one - second · the other. */
export function firstOfPair(bin: i32): f64 {
  return ratio() == 1 ? <f64>(bin + 1) * secondOfPair(bin) : crossShare() * synAtEnd(bin)
}

export function secondOfPair(bin: i32): f64 {
  if (ratio() == 1) return (width / tauMem()) * synAtEnd(bin)
  return crossShare() * (blockMem * load<f64>(spans() + SPAN * <usize>(bin + 1), SPAN_DECAY_MEM))
}

/** What turns the sums over those that inhibit in a bin of this block into the current they leave at its end. */
export function inhAtEnd(bin: i32): f64 {
  return blockInh * load<f64>(inhibitedSpans() + INHIBITED_SPAN * <usize>(bin + 1), INHIBITED_SPAN_DECAY)
}

/** What turns them into the voltage at its end, as `firstOfPair` does. */
export function firstOfInhibition(bin: i32): f64 {
  return ratioInh() == 1 ? <f64>(bin + 1) * secondOfInhibition(bin) : inhibitoryCrossShare() * inhAtEnd(bin)
}

export function secondOfInhibition(bin: i32): f64 {
  if (ratioInh() == 1) return (width / tauMem()) * inhAtEnd(bin)
  return inhibitoryCrossShare() * (blockMem * load<f64>(spans() + SPAN * <usize>(bin + 1), SPAN_DECAY_MEM))
}

export function spans(): usize {
  return bins() + GRID_SPANS
}

export function inhibitedSpans(): usize {
  return bins() + GRID_INHIBITED_SPANS
}

function writeSpans(): void {
  spansWidth = width
  spansTauMem = tauMem()
  spansTauSyn = tauSyn()
  spansTauSynInh = hasInhibition() ? tauSynInh() : 0
  for (let count = 0; count <= BINS; count++) {
    const at = spans() + SPAN * <usize>count
    const d = width * <f64>count
    propagate(d)
    store<f64>(at, expQuotient(-d, tauSyn()))
    store<f64>(at, expQuotient(-d, tauMem()), SPAN_DECAY_MEM)
    store<f64>(at, kappa, SPAN_KAPPA)
    store<f64>(at, d < peakTime() ? kappa : peakKappa(), SPAN_BOUND)
    if (hasInhibition()) writeInhibitedSpan(inhibitedSpans() + INHIBITED_SPAN * <usize>count, d)
  }
}

/** Leaves a bin empty. */
export function clearBin(own: usize): void {
  const zero = f64x2.splat(0)
  for (let at = own; at < own + BIN; at += 16) v128.store(at, zero)
}

/** Leaves a bin of the room for a block empty; those that are kept stay. */
export function clearScratch(own: usize, bin: i32): void {
  if (own == bins() + BIN * <usize>bin) clearBin(own)
}

/** After the propagator over d ms. What crosses at the end of a bin, to rounding, is looked at in the next one. */
function writeInhibitedSpan(at: usize, d: f64): void {
  propagateInhibition(d)
  store<f64>(at, expQuotient(-d, tauSynInh()), INHIBITED_SPAN_DECAY)
  store<f64>(at, kappaInh, INHIBITED_SPAN_KAPPA)
  store<f64>(at, leastShare(0), INHIBITED_SPAN_SHARE)
}
