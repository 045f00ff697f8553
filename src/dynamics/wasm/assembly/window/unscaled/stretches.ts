import { firstStretches } from '../../schema/adjoint-plan'
import { OPEN_CUT, UNSCALED_ADJOINT, UNSCALED_STRETCH, UNSCALED_TAUS } from '../../schema/adjoint-records'
import { takeStretch } from '../adjoint-stretches'
import { adjointOf, adjointTausOf } from './adjoint'

// What an `UNSCALED_STRETCH` begins with is an `UNSCALED_ADJOINT`, and `UNSCALED_TAUS` behind it.

/** The adjoint of a neuron is that of arrivals before x, or later ones have taken theirs. */
export function openUnscaledStretch(n: i32, cut: f64): void {
  const at = takeStretch(UNSCALED_STRETCH)
  memory.copy(at, adjointOf(n), UNSCALED_ADJOINT)
  const taus = adjointTausOf(n)
  if (taus != 0) memory.copy(at + UNSCALED_ADJOINT, taus, UNSCALED_TAUS)
  store<f64>(at, cut, OPEN_CUT)
  store<u32>(firstStretches() + 4 * <usize>n, <u32>at)
}

/** The stretch that something at x belongs to: an arrival comes after an own event at the same time. */
export function unscaledStretchAt(first: usize, x: f64): usize {
  let stretch = first
  while (!(x < load<f64>(stretch, OPEN_CUT))) stretch -= UNSCALED_STRETCH
  return stretch
}
