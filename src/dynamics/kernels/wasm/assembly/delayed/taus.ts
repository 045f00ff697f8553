import {
  decayInh,
  decayInhBySyn,
  decaySyn,
  decaySynBySyn,
  differentiate,
  differentiateInhibition,
  kappaByMem,
  kappaBySyn,
  kappaInhByMem,
  kappaInhBySyn,
  propagate,
  propagateInhibition,
} from '../equations/propagator'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { tauRows } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
import { isTwo } from '../lanes/membrane'
import {
  ALPHA,
  BETA,
  BETA_INH,
  BY_MEM,
  BY_MEM_INH,
  BY_SYN,
  BY_SYN_INH,
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
  SPIKE_INTERVAL_Q_J,
  SPIKE_INTERVAL_Z,
  SPIKE_INTERVAL_Z_J,
} from '../schema/delayed-records'
import {
  adjoints,
  arrivalTaus,
  perTauSyn,
  perTauSynInh,
  ratio,
  rows,
  tauMem,
  tausPerNeuron,
  trials,
} from '../schema/header'
import { GRADIENT_BY_TAU_SYN, GRADIENT_BY_TAU_SYN_INH } from '../schema/records'
import { isUndone, undoneBefore, undoneSince } from './arrivals'
import { inhM0, inhM1, inhM2, inhS0, inhS2, m0, m1, m2, s0, s2, tausOf } from './spike-interval-taus'
import { firstSpikeInterval, inhibitionOf, spikeIntervalOf, spikeIntervalsEnd } from './spike-intervals'
import { inhibitoryFactorOf } from './spikes'
import { laneDelays, laneMemGrowths, laneSynGrowths } from './unit-rows'

/** Later than any time that matters. */
const FAR: f64 = 1e100

/** Nearer to equal time constants, or to their own event, the terms of the scaled form cancel too much. */
const CLEARANCE: f64 = 16

/** Arrivals closer to their own event are undone one by one; all are unless the scaled form holds. */
let near: f64 = 0
let isScaled: bool = false
/** Where the sums of each row of a trial lie; 0: there is one for all rows. */
let rowSums: usize = 0

/**
 * The lane group at work has its rows, and its inter-spike intervals; its spikes come next.
 *
 * @param closest arrivals closer to their own event than this are undone one by one
 */
export function beginDelayedTaus(trial: i32, closest: f64): void {
  const sums: usize = 2 * 64 * <usize>rows()
  rowSums = adjoints() == 0 ? 0 : arrivalTaus() + sums * (<usize>laneGroup * <usize>trials() + <usize>trial)
  near = closest
  isScaled = CLEARANCE * closest < tauMem() && tausPerNeuron() == 0
}

/**
 * Adds what the arrivals of a spike through a row give, each in one of the inter-spike intervals between two addresses. Of two
 * currents the sign of each weight says whose time constant it moves with.
 */
export function addTaus<M>(spike: usize, row: usize, lowest: usize, highest: usize): void {
  const time = load<f64>(spike, EMITTED)
  for (let left = isScaled ? addAtOnce<M>(spike, row, lowest, highest) : 255; left != 0; left &= left - 1) {
    if (isTwo<M>()) takeUpTaus(laneGroup, ctz(left))
    addTausAlone<M>(time + load<f64>(laneDelays + row + 8 * <usize>ctz(left)), row, ctz(left))
  }
}

/**
 * Adds up what all windows of a trial have given, row by row: in which of them arrivals came must not show. With one current the
 * sums of a row lie as the gradients do.
 */
export function sumArrivalTaus<M>(): void {
  const into = tauRows(gradient)
  const end = rowSums + 2 * 64 * <usize>rows()
  for (let sums = rowSums; sums < end; sums += 2 * 64)
    for (let at: usize = 0; at < (isTwo<M>() ? 64 : 2 * 64); at += 16) {
      v128.store(into + at, f64x2.add(v128.load(into + at), v128.load(sums + at)))
      if (isTwo<M>())
        addBySyn(into + at, inhibitionAt(laneWeights + (sums - rowSums) / 2 + at), v128.load(sums + at, 64))
    }
}

/** Of two lanes those, as masks, whose weights inhibit. */
function inhibitionAt(weights: usize): v128 {
  return f64x2.lt(v128.load(weights), f64x2.splat(0))
}

/** Adds to the gradients by the two synaptic time constants of two lanes. */
function addBySyn(into: usize, inhibits: v128, bySyn: v128): void {
  const exciting = f64x2.add(v128.load(into, GRADIENT_BY_TAU_SYN), v128.andnot(bySyn, inhibits))
  const inhibiting = f64x2.add(v128.load(into, GRADIENT_BY_TAU_SYN_INH), v128.and(bySyn, inhibits))
  v128.store(into, exciting, GRADIENT_BY_TAU_SYN)
  v128.store(into, inhibiting, GRADIENT_BY_TAU_SYN_INH)
}

/** Where the arrivals of a row add to. */
export function sumsOf(row: usize): usize {
  return rowSums == 0 ? tauRows(gradient) : rowSums + 2 * row
}

/** In scaled form, see `spike-interval-taus.ts`; returns the lanes, as bits, that are left. */
function addAtOnce<M>(spike: usize, row: usize, from: usize, to: usize): i32 {
  const delayRow = laneDelays + row
  const memRow = laneMemGrowths + row
  const synRow = laneSynGrowths + row
  const weightRow = laneWeights + row
  const sums = sumsOf(row)
  const offset = tausOf(firstSpikeInterval) - firstSpikeInterval
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const syn = v128.load_splat<f64>(spike, SPIKE_FACTORS)
  const mem = v128.load_splat<f64>(spike, SPIKE_FACTORS + 8)
  const closest = f64x2.splat(near)
  const far = f64x2.splat(FAR)
  const perSyn2 = f64x2.splat(perTauSyn() * perTauSyn())
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const power = ratio()
  const zero = f64x2.splat(0)
  const inh = isTwo<M>() ? v128.load_splat<f64>(inhibitoryFactorOf(spike)) : zero
  const perInh2 = isTwo<M>() ? f64x2.splat(perTauSynInh() * perTauSynInh()) : zero
  const offsetInh = isTwo<M>() ? inhibitionOf(firstSpikeInterval) - firstSpikeInterval : 0
  let left = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delayRow + at))
    const isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
    if (!v128.any_true(isHere)) continue
    let end = far
    let alpha = zero
    let beta = zero
    let byMem = zero
    let bySyn = zero
    const inhibits = isTwo<M>() ? inhibitionAt(weightRow + at) : zero
    let spikeInterval = to + at
    do {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      end = v128.bitselect(v128.load(spikeInterval, SCALED_END), end, isInside)
      alpha = v128.bitselect(v128.load(spikeInterval, ALPHA), alpha, isInside)
      let ofBeta = v128.load(spikeInterval, BETA)
      let ofMem = v128.load(spikeInterval + offset, BY_MEM)
      let ofSyn = v128.load(spikeInterval + offset, BY_SYN)
      if (isTwo<M>()) {
        const other = spikeInterval + offsetInh
        ofBeta = v128.bitselect(v128.load(other, BETA_INH), ofBeta, inhibits)
        ofMem = v128.bitselect(v128.load(other, BY_MEM_INH), ofMem, inhibits)
        ofSyn = v128.bitselect(v128.load(other, BY_SYN_INH), ofSyn, inhibits)
      }
      beta = v128.bitselect(ofBeta, beta, isInside)
      byMem = v128.bitselect(ofMem, byMem, isInside)
      bySyn = v128.bitselect(ofSyn, bySyn, isInside)
      spikeInterval -= SPIKE_INTERVAL
    } while (spikeInterval >= from)
    // Beyond all events every factor is 0, and the distance must not be infinite.
    const d = f64x2.pmin(far, f64x2.sub(end, time))
    const isClose = f64x2.lt(d, closest)
    const isLeft = v128.and(isClose, isHere)
    const counts = v128.andnot(isHere, isClose)
    left |= i64x2.bitmask(isLeft) << (<i32>at >> 3)
    const x = f64x2.mul(mem, v128.load(memRow + at))
    let y = x
    if (isTwo<M>()) y = f64x2.mul(v128.bitselect(inh, syn, inhibits), v128.load(synRow + at))
    else if (power == 0) y = f64x2.mul(syn, v128.load(synRow + at))
    else if (power > 1) {
      y = f64x2.mul(y, y)
      if (power > 2) y = f64x2.mul(y, y)
    }
    const pU = f64x2.mul(x, alpha)
    const linear = f64x2.add(either<M>(inhibits, m1, inhM1), f64x2.mul(d, either<M>(inhibits, m2, inhM2)))
    const turn = f64x2.add(either<M>(inhibits, m0, inhM0), f64x2.mul(d, linear))
    const square = f64x2.mul(f64x2.mul(d, d), either<M>(inhibits, s2, inhS2))
    const bend = f64x2.add(either<M>(inhibits, s0, inhS0), square)
    const q = f64x2.add(f64x2.mul(y, byMem), f64x2.mul(pU, turn))
    const per2 = isTwo<M>() ? v128.bitselect(perInh2, perSyn2, inhibits) : perSyn2
    const own = f64x2.add(bySyn, f64x2.mul(f64x2.mul(beta, d), per2))
    const z = f64x2.add(f64x2.mul(y, own), f64x2.mul(pU, bend))
    const w = v128.and(v128.load(weightRow + at), counts)
    const into = sums + at
    v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, v128.and(q, counts))))
    const ofSyn = f64x2.mul(w, v128.and(z, counts))
    if (isTwo<M>() && rowSums == 0) addBySyn(into, inhibits, ofSyn)
    else v128.store(into, f64x2.add(v128.load(into, 64), ofSyn), 64)
  }
  return left
}

/** Of two lanes the factor of the current that each weight drives. */
function either<M>(inhibits: v128, exciting: f64, inhibiting: f64): v128 {
  return isTwo<M>() ? v128.bitselect(f64x2.splat(inhibiting), f64x2.splat(exciting), inhibits) : f64x2.splat(exciting)
}

/** What arrives at the lane at work at a time, with a propagator of its own: whatever the time constants and delays. */
export function addTausAlone<M>(time: f64, row: usize, n: i32): void {
  const place = row + 8 * <usize>n
  const spikeInterval = spikeIntervalOf(n, time)
  const d = spikeInterval < spikeIntervalsEnd ? load<f64>(spikeInterval, END) - time : -1
  if (!(d > 0) || !isUndone(time)) return
  propagate(d)
  if (isTwo<M>() && load<f64>(laneWeights + place) < 0) {
    addInhibitoryTaus(spikeInterval, d, row, n)
    return
  }
  differentiate(d)
  const p = load<f64>(spikeInterval, SPIKE_INTERVAL_P_U)
  const qI = decaySyn * load<f64>(tausOf(spikeInterval), SPIKE_INTERVAL_Q_I) + kappaByMem * p
  const decayed = decaySyn * load<f64>(tausOf(spikeInterval), SPIKE_INTERVAL_Z)
  const z = decayed + decaySynBySyn * load<f64>(spikeInterval, SPIKE_INTERVAL_P_I) + kappaBySyn * p
  const w = load<f64>(laneWeights + place)
  const into = sumsOf(row) + 8 * <usize>n
  store<f64>(into, load<f64>(into) + w * qI)
  store<f64>(into, load<f64>(into, GRADIENT_BY_TAU_SYN) + w * z, GRADIENT_BY_TAU_SYN)
}

/** The same of what inhibits, d ms before the end of an inter-spike interval; the propagator over d has been asked for. */
function addInhibitoryTaus(spikeInterval: usize, d: f64, row: usize, n: i32): void {
  propagateInhibition(d)
  differentiateInhibition(d)
  const at = inhibitionOf(spikeInterval)
  const p = load<f64>(spikeInterval, SPIKE_INTERVAL_P_U)
  const qJ = decayInh * load<f64>(at, SPIKE_INTERVAL_Q_J) + kappaInhByMem * p
  const decayed = decayInh * load<f64>(at, SPIKE_INTERVAL_Z_J)
  const z = decayed + decayInhBySyn * load<f64>(at, SPIKE_INTERVAL_P_J) + kappaInhBySyn * p
  const w = load<f64>(laneWeights + row + 8 * <usize>n)
  const into = sumsOf(row) + 8 * <usize>n
  store<f64>(into, load<f64>(into) + w * qJ)
  const bySyn = into + (rowSums == 0 ? GRADIENT_BY_TAU_SYN_INH : GRADIENT_BY_TAU_SYN)
  store<f64>(bySyn, load<f64>(bySyn) + w * z)
}
