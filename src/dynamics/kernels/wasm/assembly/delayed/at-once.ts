import { inhibitoryCrossShare } from '../equations/propagator'
import { gradient, laneWeights } from '../events/own-events'
import { lanes } from '../lanes/lanes'
import { isTwo } from '../lanes/membrane'
import {
  ALPHA,
  BETA,
  BETA_INH,
  CUT,
  EMITTED,
  SCALED_END,
  SPIKE_FACTORS,
  SPIKE_INTERVAL,
} from '../schema/delayed-records'
import { adjoints, perTauMem, perTauSyn, perTauSynInh, rate, rateInh, ratio } from '../schema/header'
import { EVENTS, MASKS } from '../schema/lanes'
import { undoneBefore, undoneSince } from './arrivals'
import { inhibitionOf } from './inhibited-spike-intervals'
import { delayGradient, laneDelays, laneMemGrowths, laneSynGrowths } from './lane-rows'
import { crossShare, firstSpikeInterval } from './spike-intervals'
import { inhibitoryFactorOf } from './spikes'

/** pI = BETA e^{(t - O)/tauSyn} + pU (turn (E - t) + cross) */
let turn: f64 = 0
let cross: f64 = 0

/** A lane group is at work. */
export function beginAtOnce(): void {
  turn = rate() > 0 ? 0 : perTauMem()
  cross = -crossShare()
}

/**
 * Undoes the arrivals of a spike through a row in scaled form; of two currents the sign of each weight says whose adjoint an
 * arrival takes, pI or pJ, see `spike-intervals.ts`. Gradient events are in EVENTS.
 *
 * @param from, to the inter-spike intervals that they may belong to
 * @param near arrivals closer to their own event are left; returned are their lanes, as bits
 */
export function undoAtOnce<M>(spike: usize, row: usize, from: usize, to: usize, near: f64): i32 {
  const delayRow = laneDelays + row
  const growthRow = laneMemGrowths + row
  const weightRow = laneWeights + row
  const gradientRow = gradient + row
  const delayGradientRow = delayGradient + row
  const synGrowthRow = laneSynGrowths + row
  const events = lanes + EVENTS
  const masks = lanes + MASKS
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const syn = v128.load_splat<f64>(spike, SPIKE_FACTORS)
  const mem = v128.load_splat<f64>(spike, SPIKE_FACTORS + 8)
  const closest = f64x2.splat(near)
  const isCut = adjoints() != 0
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const power = ratio()
  const bySyn = f64x2.splat(perTauSyn())
  const byMem = f64x2.splat(perTauMem())
  const zero = f64x2.splat(0)
  const inh = isTwo<M>() ? v128.load_splat<f64>(inhibitoryFactorOf(spike)) : zero
  const turnInh = isTwo<M>() ? f64x2.splat(rateInh() > 0 ? 0 : perTauMem()) : zero
  const crossInh = isTwo<M>() ? f64x2.splat(-inhibitoryCrossShare()) : zero
  const byInh = isTwo<M>() ? f64x2.splat(perTauSynInh()) : zero
  const offset = isTwo<M>() ? inhibitionOf(firstSpikeInterval) - firstSpikeInterval : 0
  let some: v128 = i32x4.splat(0)
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delayRow + at))
    let isHere = i32x4.splat(-1)
    // In a whole trial all inter-spike intervals end before it does.
    if (isCut) {
      isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
      if (!v128.any_true(isHere)) {
        v128.store(events + at, zero)
        v128.store(masks + at, zero)
        continue
      }
    }
    let end = f64x2.splat(1e300)
    let alpha = zero
    let beta = zero
    const inhibits = isTwo<M>() ? f64x2.lt(v128.load(weightRow + at), zero) : zero
    let spikeInterval = to + at
    do {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      end = v128.bitselect(v128.load(spikeInterval, SCALED_END), end, isInside)
      alpha = v128.bitselect(v128.load(spikeInterval, ALPHA), alpha, isInside)
      let own = v128.load(spikeInterval, BETA)
      if (isTwo<M>()) own = v128.bitselect(v128.load(spikeInterval + offset, BETA_INH), own, inhibits)
      beta = v128.bitselect(own, beta, isInside)
      spikeInterval -= SPIKE_INTERVAL
    } while (spikeInterval >= from)
    const d = f64x2.sub(end, time)
    const isClose = f64x2.lt(d, closest)
    const isLeft = v128.and(isClose, isHere)
    const counts = v128.andnot(isHere, isClose)
    some = v128.or(some, isLeft)
    const x = f64x2.mul(mem, v128.load(growthRow + at))
    let y = x
    if (isTwo<M>()) y = f64x2.mul(v128.bitselect(inh, syn, inhibits), v128.load(synGrowthRow + at))
    else if (power == 0) y = f64x2.mul(syn, v128.load(synGrowthRow + at))
    else if (power > 1) {
      y = f64x2.mul(y, y)
      if (power > 2) y = f64x2.mul(y, y)
    }
    const pU = f64x2.mul(x, alpha)
    let factor = f64x2.splat(cross)
    if (isTwo<M>()) {
      const turned = f64x2.mul(d, v128.bitselect(turnInh, f64x2.splat(turn), inhibits))
      factor = f64x2.add(turned, v128.bitselect(crossInh, factor, inhibits))
    } else if (power == 1) factor = f64x2.mul(d, f64x2.splat(turn))
    const current = v128.and(f64x2.add(f64x2.mul(y, beta), f64x2.mul(pU, factor)), counts)
    const perTau = isTwo<M>() ? v128.bitselect(byInh, bySyn, inhibits) : bySyn
    const flow = f64x2.sub(f64x2.mul(current, perTau), f64x2.mul(pU, byMem))
    const event = v128.and(f64x2.mul(v128.load(weightRow + at), flow), counts)
    v128.store(gradientRow + at, f64x2.add(v128.load(gradientRow + at), current))
    v128.store(delayGradientRow + at, f64x2.add(v128.load(delayGradientRow + at), event))
    v128.store(events + at, event)
    v128.store(masks + at, isLeft)
  }
  return v128.any_true(some) ? lanesLeft() : 0
}

/** Lanes, as bits, of which nothing has been undone. */
function lanesLeft(): i32 {
  let bits = 0
  for (let at: usize = 0; at < 64; at += 16) bits |= i64x2.bitmask(v128.load(lanes + MASKS + at)) << (<i32>at >> 3)
  return bits
}
