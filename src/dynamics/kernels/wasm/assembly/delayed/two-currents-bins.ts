import { inhibitoryCrossShare } from '../events/inhibition'
import { expQuotient } from '../numerics/exp-quotient'
import {
  BIN,
  BIN_LANE,
  BINS,
  EMITTED,
  EXCITING,
  INHIBITED_SPAN,
  INHIBITED_SPAN_DECAY,
  SPAN,
  SPAN_DECAY_MEM,
  SPIKE,
  SPIKE_FACTORS,
  SPIKE_UNIT,
} from '../schema/delayed-records'
import {
  bins,
  complete,
  delays,
  horizon,
  increments,
  ratio,
  ratioInh,
  rows,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/header'
import { blockMem, enterBlock, inhibitedSpans, spans } from './bins'
import { blockWidth, width } from './grid'
import { inhibitoryFactorOf, originOf } from './spikes'
import { endOfRowsOf, firstRowOf } from './unit-rows'

/** e^{(O - start)/tauSynInh} of the block. */
let blockInh: f64 = 0

/**
 * The same as `dealBlock` with two synaptic currents: sums over arrivals that inhibit stand in the place of those over all,
 * with tauSynInh for tauSyn.
 */
export function dealBlockOfTwo(laneGroup: i32, start: f64, first: usize, end: usize): void {
  const origin = originOf(start)
  const stop = start + blockWidth
  enterBlock(start)
  blockInh = expQuotient(origin - start, tauSynInh())
  for (let spike = first; spike < end; spike += SPIKE) {
    const time = load<f64>(spike, EMITTED)
    if (!(time < stop)) break
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    let row = firstRowOf(unit)
    if (row == rowsEnd) continue
    let exciting = v128.load(spike, SPIKE_FACTORS)
    let inhibiting = f64x2.replace_lane(exciting, 0, load<f64>(inhibitoryFactorOf(spike)))
    // Delays may carry a spike beyond the span that its factors are made for.
    if (time < origin) {
      const mem = f64x2.splat(expQuotient(time - origin, tauMem()))
      exciting = f64x2.replace_lane(mem, 0, expQuotient(time - origin, tauSyn()))
      inhibiting = f64x2.replace_lane(mem, 0, expQuotient(time - origin, tauSynInh()))
    }
    for (; row < rowsEnd; row += 64) dealSpike(laneGroup, row, time, exciting, inhibiting, start)
  }
}

function dealSpike(laneGroup: i32, row: usize, emitted: f64, exciting: v128, inhibiting: v128, start: f64): void {
  const base: usize = 64 * <usize>rows() * <usize>laneGroup + row
  let delay = delays() + base
  let increment = increments() + 2 * base
  let into = bins()
  const last = into + BIN
  const zero = f64x2.splat(0)
  const time = f64x2.splat(emitted)
  const end = f64x2.splat(horizon())
  const from = f64x2.splat(start)
  const perWidth = f64x2.splat(1 / width)
  const lowest = f64x2.splat(max(0, (complete() - start) / width))
  const beyond = f64x2.splat(<f64>BINS)
  const someEqual = ratio() == 1 || ratioInh() == 1
  for (; into < last; delay += 16, increment += 32, into += 2 * BIN_LANE) {
    const arrives = f64x2.add(time, v128.load(delay))
    const place = f64x2.mul(f64x2.sub(arrives, from), perWidth)
    const isHere = v128.and(v128.and(f64x2.ge(place, lowest), f64x2.lt(place, beyond)), f64x2.lt(arrives, end))
    if (!v128.any_true(isHere)) continue
    const bin = i32x4.shl(i32x4.trunc_sat_f64x2_u_zero(v128.bitselect(place, beyond, isHere)), 8)
    const one = into + <usize>i32x4.extract_lane(bin, 0)
    const other = into + <usize>i32x4.extract_lane(bin, 1)
    const w = v128.load(increment)
    const v = v128.load(increment, 16)
    const inhibitsOne = f64x2.lt(w, zero)
    const inhibitsOther = f64x2.lt(v, zero)
    let x = f64x2.mul(w, v128.bitselect(inhibiting, exciting, inhibitsOne))
    let y = f64x2.mul(v, v128.bitselect(inhibiting, exciting, inhibitsOther))
    if (someEqual) {
      x = f64x2.mul(x, placed(inhibitsOne, f64x2.extract_lane(place, 0)))
      y = f64x2.mul(y, placed(inhibitsOther, f64x2.extract_lane(place, 1)))
    }
    v128.store(one, f64x2.add(v128.load(one), f64x2.pmin(zero, x)))
    v128.store(one, f64x2.add(v128.load(one, EXCITING), f64x2.pmax(zero, x)), EXCITING)
    v128.store(other, f64x2.add(v128.load(other, BIN_LANE), f64x2.pmin(zero, y)), BIN_LANE)
    v128.store(other, f64x2.add(v128.load(other, BIN_LANE + EXCITING), f64x2.pmax(zero, y)), BIN_LANE + EXCITING)
  }
}

/** What the pair of an arrival at a place of the block is multiplied by, where the current it drives fades as U does. */
function placed(inhibits: v128, place: f64): v128 {
  const unity = f64x2.splat(1)
  const exciting = ratio() == 1 ? f64x2.replace_lane(unity, 1, place) : unity
  const inhibiting = ratioInh() == 1 ? f64x2.replace_lane(unity, 1, place) : unity
  return v128.bitselect(inhibiting, exciting, inhibits)
}

/** What turns the sums over those that inhibit in a bin of this block into the current they leave at its end. */
export function inhAtEnd(bin: i32): f64 {
  return blockInh * load<f64>(inhibitedSpans() + INHIBITED_SPAN * <usize>(bin + 1), INHIBITED_SPAN_DECAY)
}

/** What turns them into the voltage at its end, see `firstOfPair`. */
export function firstOfInhibition(bin: i32): f64 {
  return ratioInh() == 1 ? <f64>(bin + 1) * secondOfInhibition(bin) : inhibitoryCrossShare() * inhAtEnd(bin)
}

export function secondOfInhibition(bin: i32): f64 {
  if (ratioInh() == 1) return (width / tauMem()) * inhAtEnd(bin)
  return inhibitoryCrossShare() * (blockMem * load<f64>(spans() + SPAN * <usize>(bin + 1), SPAN_DECAY_MEM))
}
