import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { lanes } from '../lanes/lanes'
import { differentiatePair, FAR, propagatePair } from '../lanes/membrane'
import {
  CUT,
  EMITTED,
  END,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_P_I,
  SPIKE_INTERVAL_P_U,
  SPIKE_INTERVAL_Q_I,
  SPIKE_INTERVAL_Z,
} from '../schema/delayed-records'
import { delays, ownTaus, ownWork, rows, wantsTaus } from '../schema/header'
import { EVENTS } from '../schema/lanes'
import {
  OWN_PER_TAU_MEM,
  OWN_PER_TAU_SYN,
  OWN_TAUS,
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_DECAY_SYN_BY_SYN,
  WORK_KAPPA,
  WORK_KAPPA_BY_MEM,
  WORK_KAPPA_BY_SYN,
} from '../schema/records'
import { undoneBefore, undoneSince } from './arrivals'
import { tausOf } from './spike-interval-taus'
import { firstSpikeInterval } from './spike-intervals'
import { sumsOf } from './taus'

/**
 * Undoes the arrivals of a spike, through a row, at lanes with time constants of their own, as `undoAlone` does one: each has a propagator
 * of its own over the time up to the end of its inter-spike interval, one of those between two addresses. Gradient events
 * are in EVENTS.
 */
export function undoAtOwnTaus(spike: usize, row: usize, from: usize, to: usize): void {
  const delayRow = delays() + 64 * <usize>rows() * <usize>laneGroup + row
  const delayGradient = gradient + 64 * (<usize>rows() + 3) + row
  const emitted = v128.load_splat<f64>(spike, EMITTED)
  const since = f64x2.splat(undoneSince())
  const before = f64x2.splat(undoneBefore())
  const zero = f64x2.splat(0)
  const taus = ownTaus() + OWN_TAUS * <usize>laneGroup
  const work = ownWork()
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
    v128.store(delayGradient + at, f64x2.add(v128.load(delayGradient + at), event))
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
  const here = ownWork() + at
  const offset = tausOf(firstSpikeInterval) - firstSpikeInterval
  let qI = f64x2.splat(0)
  let z = f64x2.splat(0)
  for (let spikeInterval = to + at; spikeInterval >= from; spikeInterval -= SPIKE_INTERVAL) {
    const isInside = f64x2.lt(time, v128.load(spikeInterval, CUT))
    qI = v128.bitselect(v128.load(spikeInterval + offset, SPIKE_INTERVAL_Q_I), qI, isInside)
    z = v128.bitselect(v128.load(spikeInterval + offset, SPIKE_INTERVAL_Z), z, isInside)
  }
  differentiatePair(ownTaus() + OWN_TAUS * <usize>laneGroup + at, here, d)
  const decay = v128.load(here, WORK_DECAY_SYN)
  const byMem = f64x2.add(f64x2.mul(decay, qI), f64x2.mul(v128.load(here, WORK_KAPPA_BY_MEM), pU))
  const ofI = f64x2.add(f64x2.mul(decay, z), f64x2.mul(v128.load(here, WORK_DECAY_SYN_BY_SYN), pI))
  const bySyn = f64x2.add(ofI, f64x2.mul(v128.load(here, WORK_KAPPA_BY_SYN), pU))
  const into = sumsOf(row) + at
  v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, byMem)))
  v128.store(into, f64x2.add(v128.load(into, 64), f64x2.mul(w, bySyn)), 64)
}
