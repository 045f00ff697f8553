import { firstSpikeIntervals, ownEnd, ownFirst, pairs, spikeIntervalsAt, tauStates } from '../schema/adjoint-header'
import {
  OWN_EVENT,
  OWN_NEURON,
  SPIKE_INTERVAL,
  SPIKE_INTERVAL_BY_TAUS,
  SPIKE_INTERVAL_CUT,
  SPIKE_INTERVAL_END,
  SPIKE_INTERVAL_PAIR,
  TAU_STATE,
  TAU_STATE_BY_TAUS,
  TAU_STATE_END,
} from '../schema/adjoint-records'
import { isSheared, perTaus, share } from '../schema/window-header'
import { shear } from './shear'

// Between two of its own events nothing acts on the adjoint of a neuron, p = dL/d(I, V):
//
//     pV(t) = U(t)      pI(t) = B(t) + share U(t)      B(t) = B e^{x/tauSyn}      U(t) = U e^{x/tauMem}
//
// with x from the start of the bin. So an inter-spike interval is a pair (B, U), as it would be at that start. Neurons
// without an own event in the bin have one pair; those that have, an inter-spike interval before each and one behind the
// last.

/** Behind the last inter-spike interval. */
let end: usize = 0

export function beginSpikeIntervals(): void {
  end = spikeIntervalsAt()
}

/** Takes room for an inter-spike interval. */
export function takeSpikeInterval(bytes: usize): usize {
  end += bytes
  return end - bytes
}

/** The pair of a neuron is that of arrivals before x, or later ones have taken theirs. */
export function openSpikeInterval(n: i32, cut: f64): void {
  const at = takeSpikeInterval(SPIKE_INTERVAL)
  v128.store(at, v128.load(pairs() + 16 * <usize>n), SPIKE_INTERVAL_PAIR)
  if (tauStates() != 0) {
    const state = tauStates() + TAU_STATE * <usize>n
    v128.store(at, v128.load(state, TAU_STATE_BY_TAUS), SPIKE_INTERVAL_BY_TAUS)
    store<f64>(at, load<f64>(state, TAU_STATE_END), SPIKE_INTERVAL_END)
  }
  store<f64>(at, cut, SPIKE_INTERVAL_CUT)
  store<u32>(firstSpikeIntervals() + 4 * <usize>n, <u32>at)
}

/** The inter-spike interval that something at x belongs to: an arrival comes after an own event at the same time. */
export function spikeIntervalAt(first: usize, x: f64): usize {
  let spikeInterval = first
  while (!(x < load<f64>(spikeInterval, SPIKE_INTERVAL_CUT))) spikeInterval -= SPIKE_INTERVAL
  return spikeInterval
}

/** The neurons have one pair each again. */
export function closeSpikeIntervals(): void {
  for (let event = ownFirst(); event < ownEnd(); event += OWN_EVENT)
    store<u32>(firstSpikeIntervals() + 4 * <usize>load<u32>(event, OWN_NEURON), 0)
}

/** (1, share): makes of B and U what pI is the sum of. */
export function shares(): v128 {
  return f64x2.replace_lane(f64x2.splat(share()), 0, 1)
}

/** What makes of B and U the two terms of pI at x, growing until then. */
export function termsAt(growth: v128, x: f64): v128 {
  if (!isSheared()) return f64x2.mul(growth, shares())
  const ofSyn = f64x2.extract_lane(growth, 0)
  return f64x2.replace_lane(f64x2.splat(ofSyn), 1, -ofSyn * shear(x))
}

/** pI/tauSyn - pV/tauMem, in the form of nearly equal time constants; in the other one the terms of pI have it by themselves. */
export function flowOf(terms: v128, pair: v128, growth: v128): f64 {
  const pI = f64x2.extract_lane(terms, 0) + f64x2.extract_lane(terms, 1)
  const pV = f64x2.extract_lane(pair, 1) * f64x2.extract_lane(growth, 1)
  return pI * f64x2.extract_lane(perTaus(), 0) - pV * f64x2.extract_lane(perTaus(), 1)
}
