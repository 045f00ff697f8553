import {
  decayInh,
  decayMem,
  decaySyn,
  inhibitoryCrossShare,
  kappa,
  kappaInh,
  propagate,
  propagateInhibition,
} from '../equations/propagator'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { lanes, setLane } from '../lanes/lanes'
import { differentiatePair, FAR, isTwo, propagatePair } from '../lanes/membrane'
import {
  ALPHA,
  BETA,
  BETA_INH,
  CUT,
  EMITTED,
  END,
  SCALED_END,
  SPIKE_FACTORS,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_P_I,
  SPIKE_INTERVAL_P_J,
  SPIKE_INTERVAL_P_U,
  SPIKE_INTERVAL_Q_I,
  SPIKE_INTERVAL_Z,
} from '../schema/delayed-records'
import {
  adjoints,
  hasInhibition,
  perNeuronWork,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  ratio,
  tausPerNeuron,
  wantsTaus,
} from '../schema/header'
import { EVENTS, MASKS } from '../schema/lanes'
import {
  OWN_PER_TAU_MEM,
  OWN_PER_TAU_SYN,
  TAUS_PER_NEURON,
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_DECAY_SYN_BY_SYN,
  WORK_KAPPA,
  WORK_KAPPA_BY_MEM,
  WORK_KAPPA_BY_SYN,
} from '../schema/records'
import { isUndone, undoneBefore, undoneSince } from './arrivals'
import { tausOf } from './spike-interval-taus'
import { crossShare, firstSpikeInterval, inhibitionOf, spikeIntervalOf, spikeIntervalsEnd } from './spike-intervals'
import { inhibitoryFactorOf } from './spikes'
import { sumsOf } from './taus'
import { delayGradient, laneDelays, laneMemGrowths, laneSynGrowths } from './unit-rows'

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
    let end = f64x2.splat(FAR)
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

/** What arrives at the lane at work at a time, with a propagator of its own: whatever the time constants and delays. */
export function undoAlone(time: f64, row: usize, n: i32): void {
  const place = row + 8 * <usize>n
  const spikeInterval = spikeIntervalOf(n, time)
  const d = spikeInterval < spikeIntervalsEnd ? load<f64>(spikeInterval, END) - time : -1
  setLane(EVENTS, n, 0)
  if (d < 0 || !isUndone(time)) return
  propagate(d)
  const p = load<f64>(spikeInterval, SPIKE_INTERVAL_P_U)
  const w = load<f64>(laneWeights + place)
  let current: f64
  let perSyn = perTauSyn()
  if (w < 0 && hasInhibition()) {
    propagateInhibition(d)
    perSyn = perTauSynInh()
    current = decayInh * load<f64>(inhibitionOf(spikeInterval), SPIKE_INTERVAL_P_J) + kappaInh * p
  } else current = decaySyn * load<f64>(spikeInterval, SPIKE_INTERVAL_P_I) + kappa * p
  const event = w * (current * perSyn - decayMem * p * perTauMem())
  store<f64>(gradient + place, load<f64>(gradient + place) + current)
  store<f64>(delayGradient + place, load<f64>(delayGradient + place) + event)
  setLane(EVENTS, n, event)
}

/**
 * Undoes the arrivals of a spike, through a row, at lanes with time constants of their own, as `undoAlone` does one: each has a propagator
 * of its own over the time up to the end of its inter-spike interval, one of those between two addresses. Gradient events
 * are in EVENTS.
 */
export function undoAtTausPerNeuron(spike: usize, row: usize, from: usize, to: usize): void {
  const delayRow = laneDelays + row
  const delayGradientRow = delayGradient + row
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const zero = f64x2.splat(0)
  const taus = tausPerNeuron() + TAUS_PER_NEURON * <usize>laneGroup
  const work = perNeuronWork()
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delayRow + at))
    let isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
    v128.store(lanes + at, zero, EVENTS)
    if (!v128.any_true(isHere)) continue
    let end = f64x2.splat(-FAR)
    let own = f64x2.splat(0)
    let ofI = f64x2.splat(0)
    for (let spikeInterval = to + at; spikeInterval >= from; spikeInterval -= SPIKE_INTERVAL) {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      end = v128.bitselect(v128.load(spikeInterval, END), end, isInside)
      own = v128.bitselect(v128.load(spikeInterval, SPIKE_INTERVAL_P_U), own, isInside)
      ofI = v128.bitselect(v128.load(spikeInterval, SPIKE_INTERVAL_P_I), ofI, isInside)
    }
    const d = f64x2.sub(end, time)
    isHere = v128.and(isHere, f64x2.ge(d, zero))
    if (!v128.any_true(isHere)) continue
    const w = v128.load(laneWeights + row + at)
    const over = v128.and(d, isHere)
    propagatePair(taus + at, work + at, over)
    const decayed = f64x2.mul(v128.load(work + at, WORK_DECAY_SYN), ofI)
    const pI = v128.and(f64x2.add(decayed, f64x2.mul(v128.load(work + at, WORK_KAPPA), own)), isHere)
    const pU = f64x2.mul(v128.load(work + at, WORK_DECAY_MEM), own)
    const flowI = f64x2.mul(pI, v128.load(taus + at, OWN_PER_TAU_SYN))
    const flow = f64x2.sub(flowI, f64x2.mul(pU, v128.load(taus + at, OWN_PER_TAU_MEM)))
    const event = v128.and(f64x2.mul(w, flow), isHere)
    v128.store(gradient + row + at, f64x2.add(v128.load(gradient + row + at), pI))
    v128.store(delayGradientRow + at, f64x2.add(v128.load(delayGradientRow + at), event))
    v128.store(lanes + at, event, EVENTS)
    if (wantsTaus()) addTausOfPair(row, at, time, over, own, ofI, v128.and(w, isHere), from, to)
  }
}

/** What these arrivals add to the gradient by two lanes' time constants. */
function addTausOfPair(
  row: usize,
  at: usize,
  time: v128,
  d: v128,
  pU: v128,
  pI: v128,
  w: v128,
  from: usize,
  to: usize,
): void {
  const here = perNeuronWork() + at
  const offset = tausOf(firstSpikeInterval) - firstSpikeInterval
  let qI = f64x2.splat(0)
  let z = f64x2.splat(0)
  for (let spikeInterval = to + at; spikeInterval >= from; spikeInterval -= SPIKE_INTERVAL) {
    const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
    qI = v128.bitselect(v128.load(spikeInterval + offset, SPIKE_INTERVAL_Q_I), qI, isInside)
    z = v128.bitselect(v128.load(spikeInterval + offset, SPIKE_INTERVAL_Z), z, isInside)
  }
  differentiatePair(tausPerNeuron() + TAUS_PER_NEURON * <usize>laneGroup + at, here, d)
  const decay = v128.load(here, WORK_DECAY_SYN)
  const byMem = f64x2.add(f64x2.mul(decay, qI), f64x2.mul(v128.load(here, WORK_KAPPA_BY_MEM), pU))
  const ofI = f64x2.add(f64x2.mul(decay, z), f64x2.mul(v128.load(here, WORK_DECAY_SYN_BY_SYN), pI))
  const bySyn = f64x2.add(ofI, f64x2.mul(v128.load(here, WORK_KAPPA_BY_SYN), pU))
  const into = sumsOf(row) + at
  v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, byMem)))
  v128.store(into, f64x2.add(v128.load(into, 64), f64x2.mul(w, bySyn)), 64)
}
