import { inhibitoryCrossShare } from '../events/inhibition'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { lanes } from '../lanes/lanes'
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
import {
  delays,
  memGrowths,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  rows,
  spikeIntervals,
  synGrowths,
} from '../schema/header'
import { EVENTS } from '../schema/lanes'
import { undoneBefore, undoneSince } from './arrivals'
import { inhibitionOf } from './inhibited-spike-intervals'
import { crossShare } from './spike-intervals'
import { inhibitoryFactorOf } from './spikes'

/** Later than any time that matters. */
const FAR: f64 = 1e300

/**
 * Undoes the arrivals of a spike through a row in scaled form, with two synaptic currents: the sign of each weight says which
 * adjoint is told, pI or pJ, see `spike-intervals.ts`. Gradient events are in EVENTS.
 *
 * @param from, to the inter-spike intervals that they may belong to
 * @param near arrivals closer to their own event are left; returned are their lanes, as bits
 */
export function undoTwoAtOnce(spike: usize, row: usize, from: usize, to: usize, near: f64): i32 {
  const base: usize = 64 * <usize>rows() * <usize>laneGroup + row
  const weightRow = laneWeights + row
  const delayGradientRow = gradient + 64 * (<usize>rows() + 3) + row
  const offset = inhibitionOf(spikeIntervals()) - spikeIntervals()
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const syn = v128.load_splat<f64>(spike, SPIKE_FACTORS)
  const mem = v128.load_splat<f64>(spike, SPIKE_FACTORS + 8)
  const inh = v128.load_splat<f64>(inhibitoryFactorOf(spike))
  const closest = f64x2.splat(near)
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const zero = f64x2.splat(0)
  // pI = BETA e^{(t - O)/tauSyn} + pU (turn (E - t) + cross), and pJ alike.
  const turn = f64x2.splat(rate() > 0 ? 0 : perTauMem())
  const turnInh = f64x2.splat(rateInh() > 0 ? 0 : perTauMem())
  const cross = f64x2.splat(-crossShare())
  const crossInh = f64x2.splat(-inhibitoryCrossShare())
  let left = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delays() + base + at))
    const isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
    v128.store(lanes + at, zero, EVENTS)
    if (!v128.any_true(isHere)) continue
    const w = v128.load(weightRow + at)
    const inhibits = f64x2.lt(w, zero)
    let end = f64x2.splat(FAR)
    let alpha = zero
    let beta = zero
    for (let spikeInterval = to + at; spikeInterval >= from; spikeInterval -= SPIKE_INTERVAL) {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      const own = v128.bitselect(v128.load(spikeInterval + offset, BETA_INH), v128.load(spikeInterval, BETA), inhibits)
      end = v128.bitselect(v128.load(spikeInterval, SCALED_END), end, isInside)
      alpha = v128.bitselect(v128.load(spikeInterval, ALPHA), alpha, isInside)
      beta = v128.bitselect(own, beta, isInside)
    }
    const d = f64x2.sub(end, time)
    const isClose = f64x2.lt(d, closest)
    const counts = v128.andnot(isHere, isClose)
    left |= i64x2.bitmask(v128.and(isClose, isHere)) << (<i32>at >> 3)
    const pU = f64x2.mul(f64x2.mul(mem, v128.load(memGrowths() + base + at)), alpha)
    const grown = f64x2.mul(v128.bitselect(inh, syn, inhibits), v128.load(synGrowths() + base + at))
    const turned = f64x2.mul(d, v128.bitselect(turnInh, turn, inhibits))
    const factor = f64x2.add(turned, v128.bitselect(crossInh, cross, inhibits))
    const current = v128.and(f64x2.add(f64x2.mul(grown, beta), f64x2.mul(pU, factor)), counts)
    const perSyn = v128.bitselect(f64x2.splat(perTauSynInh()), f64x2.splat(perTauSyn()), inhibits)
    const flow = f64x2.sub(f64x2.mul(current, perSyn), f64x2.mul(pU, f64x2.splat(perTauMem())))
    const event = v128.and(f64x2.mul(w, flow), counts)
    v128.store(gradient + row + at, f64x2.add(v128.load(gradient + row + at), current))
    v128.store(delayGradientRow + at, f64x2.add(v128.load(delayGradientRow + at), event))
    v128.store(lanes + at, event, EVENTS)
  }
  return left
}
