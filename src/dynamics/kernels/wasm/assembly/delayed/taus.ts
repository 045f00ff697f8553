import { decaySyn, propagate } from '../equations/propagator'
import { decaySynBySyn, differentiate, kappaByMem, kappaBySyn } from '../equations/tau-propagator'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { tauRows } from '../gradients/taus'
import {
  ALPHA,
  BETA,
  BY_MEM,
  BY_SYN,
  CUT,
  EMITTED,
  END,
  SCALED_END,
  SPIKE_FACTORS,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_P_I,
  SPIKE_INTERVAL_P_U,
  SPIKE_INTERVAL_Q_I,
  SPIKE_INTERVAL_Z,
} from '../schema/delayed-records'
import { adjoints, arrivalTaus, ownTaus, perTauSyn, ratio, rows, tauMem, trials } from '../schema/header'
import { GRADIENT_BY_TAU_SYN } from '../schema/records'
import { isUndone, undoneBefore, undoneSince } from './arrivals'
import { m0, m1, m2, s0, s2, tausOf } from './spike-interval-taus'
import { firstSpikeInterval, spikeIntervalOf, spikeIntervalsEnd } from './spike-intervals'

/** Later than any time that matters. */
export const FAR: f64 = 1e100

/** Nearer to equal time constants, or to their own event, the terms of the scaled form cancel too much. */
const CLEARANCE: f64 = 16

let laneDelays: usize = 0
let laneMemGrowths: usize = 0
let laneSynGrowths: usize = 0
/** Arrivals closer to their own event are undone one by one; all are unless the scaled form holds. */
export let near: f64 = 0
export let isScaled: bool = false
/** Where the sums of each row of a trial lie; 0: there is one for all rows. */
export let rowSums: usize = 0

/**
 * The lane group at work has its inter-spike intervals; its spikes come next.
 *
 * @param delays rows of the lane group's delays; of e^{d/tauMem} and e^{d/tauSyn}
 * @param closest arrivals closer to their own event than this are undone one by one
 */
export function beginDelayedTaus(trial: i32, delays: usize, memGrowths: usize, synGrowths: usize, closest: f64): void {
  const sums: usize = 2 * 64 * <usize>rows()
  rowSums = adjoints() == 0 ? 0 : arrivalTaus() + sums * (<usize>laneGroup * <usize>trials() + <usize>trial)
  laneDelays = delays
  laneMemGrowths = memGrowths
  laneSynGrowths = synGrowths
  near = closest
  isScaled = CLEARANCE * closest < tauMem() && ownTaus() == 0
}

/** Adds what the arrivals of a spike through a row give, each in one of the inter-spike intervals between two addresses. */
export function addTaus(spike: usize, row: usize, lowest: usize, highest: usize): void {
  const time = load<f64>(spike, EMITTED)
  for (let left = isScaled ? addAtOnce(spike, row, lowest, highest) : 255; left != 0; left &= left - 1)
    addTausAlone(time + load<f64>(laneDelays + row + 8 * <usize>ctz(left)), row, ctz(left))
}

/** Adds up what all windows of a trial have given, row by row: in which of them arrivals came must not show. */
export function sumArrivalTaus(): void {
  const into = tauRows(gradient)
  const end = rowSums + 2 * 64 * <usize>rows()
  for (let sums = rowSums; sums < end; sums += 2 * 64)
    for (let at: usize = 0; at < 2 * 64; at += 16)
      v128.store(into + at, f64x2.add(v128.load(into + at), v128.load(sums + at)))
}

/** Where the arrivals of a row add to. */
export function sumsOf(row: usize): usize {
  return rowSums == 0 ? tauRows(gradient) : rowSums + 2 * row
}

/** In scaled form, see `spike-interval-taus.ts`; returns the lanes, as bits, that are left. */
function addAtOnce(spike: usize, row: usize, from: usize, to: usize): i32 {
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
  let left = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const time = f64x2.add(emitted, v128.load(delayRow + at))
    const isHere = v128.and(f64x2.ge(time, since), f64x2.lt(time, before))
    if (!v128.any_true(isHere)) continue
    let end = far
    let alpha = f64x2.splat(0)
    let beta = f64x2.splat(0)
    let byMem = f64x2.splat(0)
    let bySyn = f64x2.splat(0)
    let spikeInterval = to + at
    do {
      const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
      end = v128.bitselect(v128.load(spikeInterval, SCALED_END), end, isInside)
      alpha = v128.bitselect(v128.load(spikeInterval, ALPHA), alpha, isInside)
      beta = v128.bitselect(v128.load(spikeInterval, BETA), beta, isInside)
      byMem = v128.bitselect(v128.load(spikeInterval + offset, BY_MEM), byMem, isInside)
      bySyn = v128.bitselect(v128.load(spikeInterval + offset, BY_SYN), bySyn, isInside)
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
    if (power == 0) y = f64x2.mul(syn, v128.load(synRow + at))
    else if (power > 1) {
      y = f64x2.mul(y, y)
      if (power > 2) y = f64x2.mul(y, y)
    }
    const pU = f64x2.mul(x, alpha)
    const turn = f64x2.add(f64x2.splat(m0), f64x2.mul(d, f64x2.add(f64x2.splat(m1), f64x2.mul(d, f64x2.splat(m2)))))
    const bend = f64x2.add(f64x2.splat(s0), f64x2.mul(f64x2.mul(d, d), f64x2.splat(s2)))
    const qI = f64x2.add(f64x2.mul(y, byMem), f64x2.mul(pU, turn))
    const own = f64x2.add(bySyn, f64x2.mul(f64x2.mul(beta, d), perSyn2))
    const z = f64x2.add(f64x2.mul(y, own), f64x2.mul(pU, bend))
    const w = v128.and(v128.load(weightRow + at), counts)
    const into = sums + at
    v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, v128.and(qI, counts))))
    v128.store(into, f64x2.add(v128.load(into, 64), f64x2.mul(w, v128.and(z, counts))), 64)
  }
  return left
}

/** What arrives at the lane at work at a time, with a propagator of its own: whatever the time constants and delays. */
export function addTausAlone(time: f64, row: usize, n: i32): void {
  const place = row + 8 * <usize>n
  const spikeInterval = spikeIntervalOf(n, time)
  const d = spikeInterval < spikeIntervalsEnd ? load<f64>(spikeInterval, END) - time : -1
  if (!(d > 0) || !isUndone(time)) return
  propagate(d)
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
