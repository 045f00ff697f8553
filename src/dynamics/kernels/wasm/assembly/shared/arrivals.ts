import { injectedInto, takeOnArrival } from '../events/injections'
import { gradient, inject, laneGroup, laneWeights, pU } from '../events/own-events'
import { storeEvents, sumOf } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, lanes, putRow, setLane } from '../lanes/lanes'
import { driven, isPerNeuron, isTwo, isWide, taus } from '../lanes/membrane'
import { peakOf } from '../peaks/peaks'
import { eventSums, perTauMem, perTauSyn, perTauSynInh, wantsTaus } from '../schema/header'
import { EVENTS, P_I, P_J, P_U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  OWN_PER_TAU_MEM,
  OWN_PER_TAU_SYN,
  PEAK_SLOPE,
  SLOT,
  TIME,
} from '../schema/records'
import { undoTauArrival } from './taus'
import { countMetInstant, countMetPeak } from './traffic'

/** Stores the adjoint of all lanes, for those who look at it there. */
export function setAside<M>(
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
  i0: v128,
  i1: v128,
  i2: v128,
  i3: v128,
  j0: v128,
  j1: v128,
  j2: v128,
  j3: v128,
): void {
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
  if (isTwo<M>()) inline.always(putRow(P_J, j0, j1, j2, j3))
}

/**
 * The gradient events of an instant's arrivals, summed over the lane group as in src/numerics/block-sum.ts: two lane sums. Each is
 * w (pI / tauSyn - pU / tauMem), or w (pJ / tauSynInh - pU / tauMem).
 */
export function sendEvents<M>(
  instant: usize,
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
  i0: v128,
  i1: v128,
  i2: v128,
  i3: v128,
  j0: v128,
  j1: v128,
  j2: v128,
  j3: v128,
): void {
  const perSyn0 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_SYN) : f64x2.splat(perTauSyn())
  const perSyn1 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_SYN + 16) : perSyn0
  const perSyn2 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_SYN + 32) : perSyn0
  const perSyn3 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_SYN + 48) : perSyn0
  const perMem0 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_MEM) : f64x2.splat(perTauMem())
  const perMem1 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_MEM + 16) : perMem0
  const perMem2 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_MEM + 32) : perMem0
  const perMem3 = isPerNeuron<M>() ? v128.load(taus, OWN_PER_TAU_MEM + 48) : perMem0
  const g0 = f64x2.mul(u0, perMem0)
  const g1 = f64x2.mul(u1, perMem1)
  const g2 = f64x2.mul(u2, perMem2)
  const g3 = f64x2.mul(u3, perMem3)
  const e0 = f64x2.sub(f64x2.mul(i0, perSyn0), g0)
  const e1 = f64x2.sub(f64x2.mul(i1, perSyn1), g1)
  const e2 = f64x2.sub(f64x2.mul(i2, perSyn2), g2)
  const e3 = f64x2.sub(f64x2.mul(i3, perSyn3), g3)
  const perInh = isTwo<M>() ? f64x2.splat(perTauSynInh()) : perSyn0
  const f0 = isTwo<M>() ? f64x2.sub(f64x2.mul(j0, perInh), g0) : e0
  const f1 = isTwo<M>() ? f64x2.sub(f64x2.mul(j1, perInh), g1) : e1
  const f2 = isTwo<M>() ? f64x2.sub(f64x2.mul(j2, perInh), g2) : e2
  const f3 = isTwo<M>() ? f64x2.sub(f64x2.mul(j3, perInh), g3) : e3
  const sums = sumOf(laneGroup, 0)
  const start = <usize>load<u32>(instant, ARRIVALS)
  const stop = <usize>load<u32>(instant, ARRIVALS_END)
  for (let arrival = start; arrival < stop; arrival += ARRIVAL) {
    const row = laneWeights + <usize>load<u32>(arrival)
    const w0 = v128.load(row)
    const sum = sums + 16 * <usize>load<u32>(arrival, SLOT)
    if (!isWide<M>()) {
      // What the other pairs add is 0: -0 becomes 0 here, too.
      v128.store(sum, f64x2.add(f64x2.mul(w0, e0), f64x2.splat(0)))
      continue
    }
    const w1 = v128.load(row, 16)
    const w2 = v128.load(row, 32)
    const w3 = v128.load(row, 48)
    const flow0 = isTwo<M>() ? driven(w0, e0, f0) : e0
    const flow1 = isTwo<M>() ? driven(w1, e1, f1) : e1
    const flow2 = isTwo<M>() ? driven(w2, e2, f2) : e2
    const flow3 = isTwo<M>() ? driven(w3, e3, f3) : e3
    const first = f64x2.add(f64x2.mul(w0, flow0), f64x2.mul(w1, flow1))
    const second = f64x2.add(f64x2.mul(w2, flow2), f64x2.mul(w3, flow3))
    v128.store(sum, f64x2.add(first, second))
  }
}

/** Undoes the arrivals of an instant one by one. */
export function undoArrivals<M>(trial: i32, instant: usize): void {
  countMetInstant<M>(instant)
  const stop = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
    arrival -= ARRIVAL
    const offset = <usize>load<u32>(arrival)
    for (let at: usize = 0; at < 64; at += 16) {
      const row = gradient + offset + at
      let p = v128.load(lanes + P_I + at)
      if (isTwo<M>()) p = driven(v128.load(laneWeights + offset + at), p, v128.load(lanes + P_J + at))
      v128.store(row, f64x2.add(v128.load(row), p))
    }
    if (wantsTaus()) undoTauArrival<M>(offset)
    for (let n = 0; n < 8; n++) setLane(EVENTS, n, gradientEvent<M>(offset, n))
    finishArrival(trial, instant, arrival)
  }
}

/** Of a lane, with the roundings of `sendEvents`. */
function gradientEvent<M>(offset: usize, n: i32): f64 {
  const w = load<f64>(laneWeights + offset + 8 * <usize>n)
  takeUpTaus(laneGroup, n)
  const current = isTwo<M>() && !(w >= 0) ? lane(P_J, n) * perTauSynInh() : lane(P_I, n) * perTauSyn()
  return w * (current - lane(P_U, n) * perTauMem())
}

/**
 * An arrival has been undone, its gradient events are in EVENTS. A peak that sits on it belongs just before it: the arrival
 * comes first, then the loss joins pU, and q V'(t-) its gradient event.
 */
function finishArrival(trial: i32, instant: usize, arrival: usize): void {
  for (let n = takeOnArrival(laneGroup, trial, arrival); n >= 0; n = takeOnArrival(laneGroup, trial, arrival)) {
    inject(trial, n, load<f64>(instant, TIME))
    setLane(P_U, n, pU)
    const slope = load<f64>(peakOf(laneGroup, trial, n), PEAK_SLOPE)
    countMetPeak()
    setLane(EVENTS, n, lane(EVENTS, n) + injectedInto(laneGroup, trial, n) * slope)
  }
  if (eventSums() != 0) storeEvents(laneGroup, load<u32>(arrival, SLOT))
}
