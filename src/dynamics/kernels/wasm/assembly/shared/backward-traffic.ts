import { arrivalsFrom } from '../events/instants'
import { isOwn, isTwo } from '../lanes/membrane'
import { eventSums, wantsTaus } from '../schema/header'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENTS,
  INSTANT,
  SPIKES,
  STATE,
  TAU_FACTORS,
  WEIGHTS,
} from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'

/** The propagators over an interval that a window does not end in; what is carried of lanes that are met in it. */
export function countInterval<M>(isMet: bool): void {
  if (isOwn<M>()) {
    countOwnInterval()
    return
  }
  countRead(SPIKES, perInterval<M>())
  if (!isMet) return
  if (isTwo<M>()) countBoth(STATE, 192)
  if (!wantsTaus()) return
  // U, I, J, qU, qI, qJ and both z of all lanes; what these add up to.
  countRead(STATE, 64 * (isTwo<M>() ? 8 : 5))
  countWritten(STATE, 64 * (isTwo<M>() ? 5 : 3))
  countBoth(GRADIENTS, 64 * (isTwo<M>() ? 3 : 2))
}

/** Where each lane has constants of its own: factors, pU and pI of every lane; derivatives of the factors, qU, qI and z. */
export function countOwnInterval(): void {
  countRead(SPIKES, 16)
  countBoth(STATE, 64 * (wantsTaus() ? 3 + 2 + 4 + 3 : 3 + 2))
}

/** The adjoint of all lanes, for those who look at it where a loss acts on an arrival. */
export function countSetAside<M>(): void {
  if (isOwn<M>()) return
  countWritten(STATE, isTwo<M>() ? 192 : 128)
  countRead(STATE, 64)
}

/** The propagators back from one instant to another, and the rows of the arrivals undone on the way. */
export function countQuietly<M>(from: usize, to: usize, withArrivals: bool): void {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const dues = withArrivals ? intervals + 1 : intervals
  countBoth(GRADIENTS, 64 * rows)
  countRead(SPIKES, perInterval<M>() * intervals + 8 * dues + 4 * rows)
  // The same row for the time constants, beside what comes back to the spike; of two currents the sign of each weight.
  if (wantsTaus()) countRead(WEIGHTS, 64 * rows)
  if (isTwo<M>()) countRead(WEIGHTS, 64 * rows)
  if (eventSums() == 0) return
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * dues + 8 * rows)
  countWritten(SPIKES, 16 * rows)
}

/** The rows of the arrivals of an instant; what they add to gradients by time constants is counted with them. */
export function countOwnInstant(instant: usize): void {
  const rows = (<usize>load<u32>(instant, ARRIVALS_END) - <usize>load<u32>(instant, ARRIVALS)) / ARRIVAL
  countRead(SPIKES, 8 + 4 * rows)
  countRead(STATE, 64)
  countBoth(GRADIENTS, 64 * rows)
  if (eventSums() == 0) return
  countRead(STATE, 64 * 2)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * rows)
  countWritten(SPIKES, 16 * rows)
}

function perInterval<M>(): usize {
  if (isTwo<M>()) return wantsTaus() ? 40 + 2 * TAU_FACTORS : 40
  return wantsTaus() ? 24 + TAU_FACTORS : 24
}
