import { kappaInh, leastShare, propagateInhibition } from '../inhibition'
import { expQuotient } from '../numerics/exp-quotient'
import { kappa, propagate } from '../propagator'
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
  drives,
  hasInhibition,
  horizon,
  peakKappa,
  peakTime,
  ratio,
  rows,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/plan'
import { blockWidth, width } from './grid'
import { originOf } from './spikes'
import { crossShare } from './stretches'
import { endOfRowsOf, firstRowOf } from './unit-rows'

/** The width of bins and the time constants that the spans were made for. */
let spansWidth: f64 = 0
let spansTauMem: f64 = 0
let spansTauSyn: f64 = 0
let spansTauSynInh: f64 = 0

/** e^{(O - start)/tauSyn} and e^{(O - start)/tauMem} of the block. */
let blockSyn: f64 = 0
export let blockMem: f64 = 0

/** Nothing lies in the bins: whoever is done with a bin of a block leaves it empty. */
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

/**
 * Deals the arrivals of spikes in the window out to the bins of a block, where they are added up: per bin and lane the pair
 *
 *     sum of w e^{(t - O)/tauSyn}, sum of w e^{(t - O)/tauMem}
 *
 * (where both time constants are equal, the second has w (t - start)/width e^{(t - O)/tau}, from the start of the block)
 * over all arrivals, then over those that excite; O is the origin of the span of factors that the block lies in. In what
 * order arrivals come inside a bin does not matter.
 */
export function dealBlock(octet: i32, start: f64, first: usize, end: usize): void {
  const origin = originOf(start)
  beginBlock(start, origin)
  const stop = start + blockWidth
  for (let spike = first; spike < end; spike += SPIKE) {
    const time = load<f64>(spike, EMITTED)
    if (!(time < stop)) break
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    let row = firstRowOf(unit)
    if (row == rowsEnd) continue
    let factors = v128.load(spike, SPIKE_FACTORS)
    // Delays may carry a spike beyond the span that its factors are made for.
    if (time < origin) {
      factors = f64x2.splat(expQuotient(time - origin, tauSyn()))
      factors = f64x2.replace_lane(factors, 1, expQuotient(time - origin, tauMem()))
    }
    for (; row < rowsEnd; row += 64) dealSpike(octet, row, time, factors, start)
  }
}

export function beginBlock(start: f64, origin: f64): void {
  blockSyn = expQuotient(origin - start, tauSyn())
  blockMem = expQuotient(origin - start, tauMem())
}

function dealSpike(octet: i32, row: usize, emitted: f64, factors: v128, start: f64): void {
  const base: usize = 64 * <usize>rows() * <usize>octet + row
  let delay = delays() + base
  let drive = drives() + 2 * base
  let into = bins()
  const last = into + BIN
  const zero = f64x2.splat(0)
  const time = f64x2.splat(emitted)
  const end = f64x2.splat(horizon())
  const from = f64x2.splat(start)
  const perWidth = f64x2.splat(1 / width)
  const lowest = f64x2.splat(max(0, (complete() - start) / width))
  const beyond = f64x2.splat(<f64>BINS)
  const unity = f64x2.splat(1)
  const areEqual = ratio() == 1
  for (; into < last; delay += 16, drive += 32, into += 2 * BIN_LANE) {
    const arrives = f64x2.add(time, v128.load(delay))
    const place = f64x2.mul(f64x2.sub(arrives, from), perWidth)
    const isHere = v128.and(v128.and(f64x2.ge(place, lowest), f64x2.lt(place, beyond)), f64x2.lt(arrives, end))
    if (!v128.any_true(isHere)) continue
    const bin = i32x4.shl(i32x4.trunc_sat_f64x2_u_zero(v128.bitselect(place, beyond, isHere)), 8)
    const one = into + <usize>i32x4.extract_lane(bin, 0)
    const other = into + <usize>i32x4.extract_lane(bin, 1)
    let x = f64x2.mul(factors, v128.load(drive))
    let y = f64x2.mul(factors, v128.load(drive, 16))
    if (areEqual) {
      x = f64x2.mul(x, i64x2.shuffle(unity, place, 0, 2))
      y = f64x2.mul(y, i64x2.shuffle(unity, place, 0, 3))
    }
    v128.store(one, f64x2.add(v128.load(one), x))
    v128.store(one, f64x2.add(v128.load(one, EXCITING), f64x2.pmax(zero, x)), EXCITING)
    v128.store(other, f64x2.add(v128.load(other, BIN_LANE), y), BIN_LANE)
    v128.store(other, f64x2.add(v128.load(other, BIN_LANE + EXCITING), f64x2.pmax(zero, y)), BIN_LANE + EXCITING)
  }
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

/** After the propagator over d ms. What crosses at the end of a bin, to rounding, is looked at in the next one. */
function writeInhibitedSpan(at: usize, d: f64): void {
  propagateInhibition(d)
  store<f64>(at, expQuotient(-d, tauSynInh()), INHIBITED_SPAN_DECAY)
  store<f64>(at, kappaInh, INHIBITED_SPAN_KAPPA)
  store<f64>(at, leastShare(0), INHIBITED_SPAN_SHARE)
}
