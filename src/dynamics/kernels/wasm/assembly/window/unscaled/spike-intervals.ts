import { firstSpikeIntervals } from '../../schema/adjoint-header'
import { OPEN_CUT, UNSCALED_ADJOINT, UNSCALED_SPIKE_INTERVAL, UNSCALED_TAUS } from '../../schema/adjoint-records'
import { takeSpikeInterval } from '../adjoint-spike-intervals'
import { adjointOf, adjointTausOf } from './adjoint'

// What an `UNSCALED_SPIKE_INTERVAL` begins with is an `UNSCALED_ADJOINT`, and `UNSCALED_TAUS` behind it.

/** The adjoint of a neuron is that of arrivals before x, or later ones have taken theirs. */
export function openUnscaledSpikeInterval(n: i32, cut: f64): void {
  const at = takeSpikeInterval(UNSCALED_SPIKE_INTERVAL)
  memory.copy(at, adjointOf(n), UNSCALED_ADJOINT)
  const taus = adjointTausOf(n)
  if (taus != 0) memory.copy(at + UNSCALED_ADJOINT, taus, UNSCALED_TAUS)
  store<f64>(at, cut, OPEN_CUT)
  store<u32>(firstSpikeIntervals() + 4 * <usize>n, <u32>at)
}

/** The inter-spike interval that something at x belongs to: an arrival comes after an own event at the same time. */
export function unscaledSpikeIntervalAt(first: usize, x: f64): usize {
  let spikeInterval = first
  while (!(x < load<f64>(spikeInterval, OPEN_CUT))) spikeInterval -= UNSCALED_SPIKE_INTERVAL
  return spikeInterval
}
