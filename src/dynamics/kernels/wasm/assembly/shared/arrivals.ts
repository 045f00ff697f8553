import { injectedInto, takeOnArrival } from '../events/injections'
import { gradient, inject, laneGroup, laneWeights, pU } from '../events/own-events'
import { storeEvents, sumOf } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, lanes, putRow, setLane } from '../lanes/lanes'
import { peakOf } from '../peaks/peak-notes'
import { eventSums, perTauMem, perTauSyn, wantsTaus } from '../schema/header'
import { EVENTS, P_I, P_U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENTS,
  PEAK_SLOPE,
  SLOT,
  SPIKES,
  STATE,
  TAPE,
  TIME,
  WEIGHTS,
} from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'
import { undoTauArrival } from './taus'

/** Stores the adjoint of all lanes, for those who look at it there. */
export function setAside(u0: v128, u1: v128, u2: v128, u3: v128, i0: v128, i1: v128, i2: v128, i3: v128): void {
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
}

/** The gradient events of an instant's arrivals, see `sendFlows`. */
export function sendEvents(
  instant: usize,
  i0: v128,
  i1: v128,
  i2: v128,
  i3: v128,
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
): void {
  const perSyn = f64x2.splat(perTauSyn())
  const perMem = f64x2.splat(perTauMem())
  const g0 = f64x2.sub(f64x2.mul(i0, perSyn), f64x2.mul(u0, perMem))
  const g1 = f64x2.sub(f64x2.mul(i1, perSyn), f64x2.mul(u1, perMem))
  const g2 = f64x2.sub(f64x2.mul(i2, perSyn), f64x2.mul(u2, perMem))
  const g3 = f64x2.sub(f64x2.mul(i3, perSyn), f64x2.mul(u3, perMem))
  inline.always(sendFlows(<usize>load<u32>(instant, ARRIVALS), <usize>load<u32>(instant, ARRIVALS_END), g0, g1, g2, g3))
}

/**
 * The gradient events of some arrivals, summed over the lane group as in src/numerics/block-sum.ts: two lane sums.
 *
 * @param g0, g1, g2, g3 pI / tauSyn - pU / tauMem of all lanes
 */
export function sendFlows(start: usize, stop: usize, g0: v128, g1: v128, g2: v128, g3: v128): void {
  const sums = sumOf(laneGroup, 0)
  for (let arrival = start; arrival < stop; arrival += ARRIVAL) {
    const row = laneWeights + <usize>load<u32>(arrival)
    const first = f64x2.add(f64x2.mul(v128.load(row), g0), f64x2.mul(v128.load(row, 16), g1))
    const second = f64x2.add(f64x2.mul(v128.load(row, 32), g2), f64x2.mul(v128.load(row, 48), g3))
    v128.store(sums + 16 * <usize>load<u32>(arrival, SLOT), f64x2.add(first, second))
  }
}

/** Undoes the arrivals of an instant one by one. */
export function undoArrivals(trial: i32, instant: usize): void {
  countRead(SPIKES, 8)
  const stop = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
    arrival -= ARRIVAL
    const offset = <usize>load<u32>(arrival)
    for (let at: usize = 0; at < 64; at += 16) {
      const row = gradient + offset + at
      v128.store(row, f64x2.add(v128.load(row), v128.load(lanes + P_I + at)))
    }
    countBoth(GRADIENTS, 64)
    countRead(WEIGHTS, 64)
    countRead(STATE, 64 + 128)
    countWritten(STATE, 64)
    countRead(SPIKES, 4)
    if (wantsTaus()) undoTauArrival(offset)
    for (let n = 0; n < 8; n++) setLane(EVENTS, n, gradientEvent(offset, n))
    finishArrival(trial, instant, arrival)
  }
}

/** w (pI / tauSyn - pU / tauMem), with the roundings of `sendEvents`. */
function gradientEvent(offset: usize, n: i32): f64 {
  const w = load<f64>(laneWeights + offset + 8 * <usize>n)
  takeUpTaus(laneGroup, n)
  return w * (lane(P_I, n) * perTauSyn() - lane(P_U, n) * perTauMem())
}

/**
 * An arrival has been undone, its gradient events are in EVENTS. A peak that sits on it belongs just before it: the arrival
 * comes first, then the loss joins pU, and q V'(t-) its gradient event.
 */
export function finishArrival(trial: i32, instant: usize, arrival: usize): void {
  for (let n = takeOnArrival(laneGroup, trial, arrival); n >= 0; n = takeOnArrival(laneGroup, trial, arrival)) {
    inject(trial, n, load<f64>(instant, TIME))
    setLane(P_U, n, pU)
    const slope = load<f64>(peakOf(laneGroup, trial, n), PEAK_SLOPE)
    countRead(TAPE, 12)
    countBoth(STATE, 8)
    countWritten(STATE, 8)
    setLane(EVENTS, n, lane(EVENTS, n) + injectedInto(laneGroup, trial, n) * slope)
  }
  if (eventSums() != 0) storeEvents(laneGroup, load<u32>(arrival, SLOT))
}
