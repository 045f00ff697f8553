import { decaySyn, propagate } from '../equations/propagator'
import {
  decayInhBySyn,
  decaySynBySyn,
  differentiate,
  differentiateInhibition,
  kappaByMem,
  kappaBySyn,
  kappaInhByMem,
  kappaInhBySyn,
} from '../equations/tau-propagator'
import { decayInh, propagateInhibition } from '../events/inhibition'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { tauRows } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
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
import { delays, memGrowths, perTauSyn, perTauSynInh, rows, spikeIntervals, synGrowths } from '../schema/header'
import { GRADIENT_BY_TAU_SYN, GRADIENT_BY_TAU_SYN_INH } from '../schema/records'
import { isUndone, undoneBefore, undoneSince } from './arrivals'
import * as inhibited from './inhibited-spike-intervals'
import { m0, m1, m2, s0, s2, tausOf } from './spike-interval-taus'
import { spikeIntervalOf, spikeIntervalsEnd } from './spike-intervals'
import { inhibitoryFactorOf } from './spikes'
import { FAR, isScaled, near, rowSums, sumsOf } from './taus'

/** Rows of a pair of sums, see `arrivalTaus` in the header. */
const SUMS: usize = 2 * 64

/** The same as `addTaus` with two synaptic currents: the sign of each weight says whose time constant it moves with. */
export function addTausOfTwo(spike: usize, row: usize, lowest: usize, highest: usize): void {
  const time = load<f64>(spike, EMITTED)
  const laneDelays = delays() + 64 * <usize>rows() * <usize>laneGroup
  for (let left = isScaled ? addAtOnce(spike, row, lowest, highest) : 255; left != 0; left &= left - 1) {
    takeUpTaus(laneGroup, ctz(left))
    addTausOfTwoAlone(time + load<f64>(laneDelays + row + 8 * <usize>ctz(left)), row, ctz(left))
  }
}

/** The same as `sumArrivalTaus`. */
export function sumArrivalTausOfTwo(): void {
  const zero = f64x2.splat(0)
  const end = rowSums + SUMS * <usize>rows()
  let weights = laneWeights
  for (let sums = rowSums; sums < end; sums += SUMS, weights += 64)
    for (let at: usize = 0; at < 64; at += 16) {
      const into = tauRows(gradient) + at
      v128.store(into, f64x2.add(v128.load(into), v128.load(sums + at)))
      addBySyn(into, f64x2.lt(v128.load(weights + at), zero), v128.load(sums + at, 64))
    }
}

/** Adds to the gradients by the two synaptic time constants of two lanes. */
function addBySyn(into: usize, inhibits: v128, bySyn: v128): void {
  const exciting = f64x2.add(v128.load(into, GRADIENT_BY_TAU_SYN), v128.andnot(bySyn, inhibits))
  const inhibiting = f64x2.add(v128.load(into, GRADIENT_BY_TAU_SYN_INH), v128.and(bySyn, inhibits))
  v128.store(into, exciting, GRADIENT_BY_TAU_SYN)
  v128.store(into, inhibiting, GRADIENT_BY_TAU_SYN_INH)
}

/** In scaled form, see `spike-interval-taus.ts`; returns the lanes, as bits, that are left. */
function addAtOnce(spike: usize, row: usize, from: usize, to: usize): i32 {
  const base: usize = 64 * <usize>rows() * <usize>laneGroup + row
  const weightRow = laneWeights + row
  const sums = sumsOf(row)
  const offset = tausOf(spikeIntervals()) - spikeIntervals()
  const offsetInh = inhibited.inhibitionOf(spikeIntervals()) - spikeIntervals()
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const syn = v128.load_splat<f64>(spike, SPIKE_FACTORS)
  const mem = v128.load_splat<f64>(spike, SPIKE_FACTORS + 8)
  const inh = v128.load_splat<f64>(inhibitoryFactorOf(spike))
  const closest = f64x2.splat(near)
  const far = f64x2.splat(FAR)
  const zero = f64x2.splat(0)
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const perSyn2 = f64x2.splat(perTauSyn() * perTauSyn())
  const perInh2 = f64x2.splat(perTauSynInh() * perTauSynInh())
  let left = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delays() + base + at))
    const isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
    if (!v128.any_true(isHere)) continue
    const weight = v128.load(weightRow + at)
    const inhibits = f64x2.lt(weight, zero)
    let end = far
    let alpha = zero
    let beta = zero
    let byMem = zero
    let bySyn = zero
    for (let spikeInterval = to + at; spikeInterval >= from; spikeInterval -= SPIKE_INTERVAL) {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      const other = spikeInterval + offsetInh
      end = v128.bitselect(v128.load(spikeInterval, SCALED_END), end, isInside)
      alpha = v128.bitselect(v128.load(spikeInterval, ALPHA), alpha, isInside)
      beta = v128.bitselect(told(inhibits, spikeInterval + BETA, other + BETA_INH), beta, isInside)
      byMem = v128.bitselect(told(inhibits, spikeInterval + offset + BY_MEM, other + BY_MEM_INH), byMem, isInside)
      bySyn = v128.bitselect(told(inhibits, spikeInterval + offset + BY_SYN, other + BY_SYN_INH), bySyn, isInside)
    }
    // Beyond all events every factor is 0, and the distance must not be infinite.
    const d = f64x2.pmin(far, f64x2.sub(end, time))
    const isClose = f64x2.lt(d, closest)
    const counts = v128.andnot(isHere, isClose)
    left |= i64x2.bitmask(v128.and(isClose, isHere)) << (<i32>at >> 3)
    const pU = f64x2.mul(f64x2.mul(mem, v128.load(memGrowths() + base + at)), alpha)
    const grown = f64x2.mul(v128.bitselect(inh, syn, inhibits), v128.load(synGrowths() + base + at))
    const linear = f64x2.add(either(inhibits, m1, inhibited.m1), f64x2.mul(d, either(inhibits, m2, inhibited.m2)))
    const turn = f64x2.add(either(inhibits, m0, inhibited.m0), f64x2.mul(d, linear))
    const square = f64x2.mul(f64x2.mul(d, d), either(inhibits, s2, inhibited.s2))
    const bend = f64x2.add(either(inhibits, s0, inhibited.s0), square)
    const q = f64x2.add(f64x2.mul(grown, byMem), f64x2.mul(pU, turn))
    const per2 = v128.bitselect(perInh2, perSyn2, inhibits)
    const own = f64x2.add(bySyn, f64x2.mul(f64x2.mul(beta, d), per2))
    const z = f64x2.add(f64x2.mul(grown, own), f64x2.mul(pU, bend))
    const w = v128.and(weight, counts)
    const into = sums + at
    const ofSyn = f64x2.mul(w, v128.and(z, counts))
    v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, v128.and(q, counts))))
    if (rowSums == 0) addBySyn(into, inhibits, ofSyn)
    else v128.store(into, f64x2.add(v128.load(into, 64), ofSyn), 64)
  }
  return left
}

/** Of two lanes, what belongs to the current that each weight drives. */
function told(inhibits: v128, exciting: usize, inhibiting: usize): v128 {
  return v128.bitselect(v128.load(inhibiting), v128.load(exciting), inhibits)
}

function either(inhibits: v128, exciting: f64, inhibiting: f64): v128 {
  return v128.bitselect(f64x2.splat(inhibiting), f64x2.splat(exciting), inhibits)
}

/** The same as `addTausAlone`. */
export function addTausOfTwoAlone(time: f64, row: usize, n: i32): void {
  const place = row + 8 * <usize>n
  const spikeInterval = spikeIntervalOf(n, time)
  const d = spikeInterval < spikeIntervalsEnd ? load<f64>(spikeInterval, END) - time : -1
  if (!(d > 0) || !isUndone(time)) return
  propagate(d)
  const w = load<f64>(laneWeights + place)
  const inhibits = w < 0
  if (inhibits) backwardInhibition(spikeInterval, d)
  else backwardExcitation(spikeInterval, d)
  const into = sumsOf(row) + 8 * <usize>n
  store<f64>(into, load<f64>(into) + w * byMem)
  const bySynAt = into + (inhibits && rowSums == 0 ? GRADIENT_BY_TAU_SYN_INH : GRADIENT_BY_TAU_SYN)
  store<f64>(bySynAt, load<f64>(bySynAt) + w * bySyn)
}

/** How a weight that arrives d ms before the end of an inter-spike interval moves with tauMem and its tauSyn. */
let byMem: f64 = 0
let bySyn: f64 = 0

function backwardExcitation(spikeInterval: usize, d: f64): void {
  differentiate(d)
  const p = load<f64>(spikeInterval, SPIKE_INTERVAL_P_U)
  byMem = decaySyn * load<f64>(tausOf(spikeInterval), SPIKE_INTERVAL_Q_I) + kappaByMem * p
  const decayed = decaySyn * load<f64>(tausOf(spikeInterval), SPIKE_INTERVAL_Z)
  bySyn = decayed + decaySynBySyn * load<f64>(spikeInterval, SPIKE_INTERVAL_P_I) + kappaBySyn * p
}

function backwardInhibition(spikeInterval: usize, d: f64): void {
  propagateInhibition(d)
  differentiateInhibition(d)
  const at = inhibited.inhibitionOf(spikeInterval)
  const p = load<f64>(spikeInterval, SPIKE_INTERVAL_P_U)
  byMem = decayInh * load<f64>(at, SPIKE_INTERVAL_Q_J) + kappaInhByMem * p
  const decayed = decayInh * load<f64>(at, SPIKE_INTERVAL_Z_J)
  bySyn = decayed + decayInhBySyn * load<f64>(at, SPIKE_INTERVAL_P_J) + kappaInhBySyn * p
}
