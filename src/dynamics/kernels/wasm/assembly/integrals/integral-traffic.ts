import { arrivalsFrom, endOfInstants, firstInstant } from '../events/instants'
import { delays, hasInhibition, ownTaus, wantsBias, wantsTaus } from '../schema/header'
import { GRADIENTS, INSTANT, SPIKES, STATE, WEIGHTS } from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'

/**
 * The integral of every lane, set to 0 and noted; the arrivals of every instant, which are added to it. Where neurons have
 * arrivals of their own, these are counted elsewhere.
 */
export function countIntegrals(trial: i32): void {
  countWritten(STATE, 64 * 2)
  countRead(STATE, 64)
  if (delays() != 0) return
  countBoth(STATE, 64 * countArrivals(trial, 8))
}

/** dL/d(integral) of every lane; the arrivals of every instant, twice where time constants are told, too. */
export function countUndoneIntegrals(trial: i32): void {
  countBoth(STATE, 64)
  if (wantsBias()) countBoth(GRADIENTS, 64)
  if (wantsTaus()) countBoth(GRADIENTS, 64)
  if (delays() != 0) return
  const rows = countArrivals(trial, 16)
  countBoth(GRADIENTS, 64 * rows)
  countBoth(STATE, 64 * rows)
  if (!wantsTaus()) return
  countRead(SPIKES, 4 * rows)
  countRead(WEIGHTS, 64 * rows)
  countRead(STATE, 64 * rows)
  countBoth(GRADIENTS, 64 * 2 * rows)
}

/** The arrivals of every instant of a trial with their weights; returns how many there are. */
function countArrivals(trial: i32, response: usize): usize {
  const first = firstInstant(trial)
  const last = endOfInstants(trial) - INSTANT
  const rows = arrivalsFrom(first, last)
  countRead(SPIKES, perInstant(response) * ((last - first) / INSTANT) + 4 * rows)
  countRead(WEIGHTS, 64 * rows)
  return rows
}

/** Where its arrivals are, and what they do, through each current; or of neurons with time constants of their own, when it is. */
function perInstant(response: usize): usize {
  if (ownTaus() != 0) return 16
  return 8 + (hasInhibition() ? 2 * response : response)
}
