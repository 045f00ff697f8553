import { BINS, blockWidth, width } from './delayed-grid'
import { EMITTED, originOf, SPIKE, SPIKE_FACTORS, SPIKE_ROW } from './delayed-spikes'
import { expQuotient } from './exp-quotient'
import { bins, delays, drives, rows, tauMem, tauSyn, until } from './plan'
import { decayMem, decaySyn, kappa, propagate } from './propagator'

/**
 * The arrivals of an octet in a block of the grid, added up in bins: per bin and lane the pair
 *
 *     sum of w e^{(t - O)/tauSyn}, sum of w e^{(t - O)/tauMem}
 *
 * over all arrivals, then over those that excite; O is the origin of the span of factors that the block lies in. In what
 * order arrivals come inside a bin does not matter. One bin more takes what arrives at other times.
 */
export const BIN: usize = 256
export const BIN_LANE: usize = 32
export const EXCITING: usize = 16

/** Behind the bins: e^{-(k + 1) width/tauSyn}, e^{-(k + 1) width/tauMem} for each bin k, for the width they were made for. */
const DECAYS: usize = BIN * (<usize>BINS + 1)
let decaysWidth: f64 = 0

/** Propagator over a bin. */
export let synOverBin: f64 = 0
export let memOverBin: f64 = 0
export let kappaOverBin: f64 = 0

/** e^{(O - start)/tauSyn} and e^{(O - start)/tauMem} of the block. */
let blockSyn: f64 = 0
let blockMem: f64 = 0

/** Deals the arrivals of spikes out to the bins of a block. */
export function dealBlock(octet: i32, start: f64, first: usize, end: usize): void {
  const origin = originOf(start)
  blockSyn = expQuotient(origin - start, tauSyn())
  blockMem = expQuotient(origin - start, tauMem())
  if (decaysWidth != width) writeDecays()
  memory.fill(bins(), 0, BIN * <usize>BINS)
  const stop = start + blockWidth
  for (let spike = first; spike < end; spike += SPIKE) {
    const time = load<f64>(spike, EMITTED)
    if (!(time < stop)) break
    let factors = v128.load(spike, SPIKE_FACTORS)
    // Delays may carry a spike beyond the span that its factors are made for.
    if (time < origin) {
      factors = f64x2.splat(expQuotient(time - origin, tauSyn()))
      factors = f64x2.replace_lane(factors, 1, expQuotient(time - origin, tauMem()))
    }
    dealSpike(octet, <usize>load<u32>(spike, SPIKE_ROW), time, factors, start)
  }
}

function dealSpike(octet: i32, row: usize, emitted: f64, factors: v128, start: f64): void {
  const base: usize = 64 * <usize>rows() * <usize>octet + row
  const delayRow = delays() + base
  const driveRow = drives() + 2 * base
  const into = bins()
  const zero = f64x2.splat(0)
  const time = f64x2.splat(emitted)
  const end = f64x2.splat(until())
  const from = f64x2.splat(start)
  const perWidth = f64x2.splat(1 / width)
  const beyond = f64x2.splat(<f64>BINS)
  for (let at: usize = 0; at < 64; at += 16) {
    const arrives = f64x2.add(time, v128.load(delayRow + at))
    const place = f64x2.mul(f64x2.sub(arrives, from), perWidth)
    const isHere = v128.and(v128.and(f64x2.ge(place, zero), f64x2.lt(place, beyond)), f64x2.lt(arrives, end))
    const bin = i32x4.shl(i32x4.trunc_sat_f64x2_u_zero(v128.bitselect(place, beyond, isHere)), 8)
    const one = into + 4 * at + <usize>i32x4.extract_lane(bin, 0)
    const other = into + 4 * at + BIN_LANE + <usize>i32x4.extract_lane(bin, 1)
    const x = f64x2.mul(factors, v128.load(driveRow + 2 * at))
    const y = f64x2.mul(factors, v128.load(driveRow + 2 * at, 16))
    v128.store(one, f64x2.add(v128.load(one), x))
    v128.store(one, f64x2.add(v128.load(one, EXCITING), f64x2.pmax(zero, x)), EXCITING)
    v128.store(other, f64x2.add(v128.load(other), y))
    v128.store(other, f64x2.add(v128.load(other, EXCITING), f64x2.pmax(zero, y)), EXCITING)
  }
}

/** What turns the sums of a bin of this block into those at its end. */
export function synAtEnd(bin: i32): f64 {
  return blockSyn * load<f64>(bins() + DECAYS + 16 * <usize>bin)
}

export function memAtEnd(bin: i32): f64 {
  return blockMem * load<f64>(bins() + DECAYS + 16 * <usize>bin, 8)
}

function writeDecays(): void {
  decaysWidth = width
  propagate(width)
  synOverBin = decaySyn
  memOverBin = decayMem
  kappaOverBin = kappa
  for (let bin = 0; bin < BINS; bin++) {
    const at = bins() + DECAYS + 16 * <usize>bin
    const elapsed = width * <f64>(bin + 1)
    store<f64>(at, expQuotient(-elapsed, tauSyn()))
    store<f64>(at, expQuotient(-elapsed, tauMem()), 8)
  }
}
