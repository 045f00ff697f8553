import { arrivalsFrom, endOfInstants, firstInstant, intervalsTo } from '../events/instants'
import { isPerNeuron, isTwo, PerNeuronConstants } from '../lanes/membrane'
import * as header from '../schema/header'
import { GRADIENTS, INSTANT, PEAK, RECORD, SPIKES, STATE, TAPE, TAU_FACTORS, WEIGHTS } from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'

/**
 * What the loops over shared arrivals read and write, by the intervals that they pass and the rows of eight lanes that their
 * arrivals have, for each membrane M. A row is 64 bytes, and known by 4. Of lanes with constants of their own the factors of an
 * interval, and what is carried, lie in memory: 3 rows of factors, and U and I, or pU and pI.
 */

/** A window of a trial; from rest also U to start from, what it is tested against, when lanes are let go, and numbers of spikes. */
export function countForward<M>(isFirst: bool, first: usize, tail: usize): void {
  countPassed<M>(first, tail, 3 + 4)
  if (!isFirst) return
  countWritten(SPIKES, 32)
  countRead(STATE, 64 * 2)
  if (isPerNeuron<M>()) countWritten(STATE, 64 * 3)
  if (header.refractories() != 0) countWritten(STATE, 64)
}

/** The best so far, interval by interval; what has a closer look does not count again. */
export function countClimb<M>(first: usize, last: usize): void {
  countPassed<M>(first, last, 3 + 2)
  if (!isPerNeuron<M>()) countRead(STATE, 64 * intervalsTo(first, last))
}

/** Nothing has happened yet; every lane has a record, however often it is written. */
export function countFirstPeaks(): void {
  countWritten(TAPE, 8 * PEAK)
  countWritten(STATE, 64 * (header.hasInhibition() ? 4 : 3))
  if (header.fires()) countRead(SPIKES, 32)
}

/** The intervals up to an instant, with the rows at their ends; of each interval its propagator, and the bound of kappa in it. */
function countPassed<M>(first: usize, last: usize, written: usize): void {
  const intervals = intervalsTo(first, last)
  countRead(SPIKES, (isTwo<M>() ? 64 : isPerNeuron<M>() ? 24 : 40) * intervals)
  countWeights(arrivalsFrom(first, last))
  if (!isPerNeuron<M>()) return
  countRead(STATE, 64 * (3 + 3) * intervals)
  countWritten(STATE, 64 * written * intervals)
}

/** Rows of weights, by what is known of each. */
function countWeights(rows: usize): void {
  countRead(SPIKES, 4 * rows)
  countRead(WEIGHTS, 64 * rows)
}

/** The spikes of polynomial lanes in a trial: records, numbers of spikes. */
export function countTimed(spikes: usize): void {
  countWritten(TAPE, RECORD * spikes)
  countBoth(SPIKES, 4 * spikes)
}

/** The same on the way back, of a window: the record, dL/dt, pU and pI, the gradient. */
export function countFalls(spikes: usize): void {
  countRead(TAPE, RECORD * spikes)
  countRead(SPIKES, 8 * spikes)
  countBoth(STATE, (header.wantsAdaptStep() ? 32 : 16) * spikes)
  countBoth(GRADIENTS, (header.wantsAdaptStep() ? 16 : 8) * spikes)
}

/** On the way back the propagators over an interval that a window does not end in; what is carried of lanes that are met in it. */
export function countInterval<M>(isMet: bool): void {
  if (isPerNeuron<M>()) {
    countOwnInterval()
    return
  }
  countRead(SPIKES, perIntervalBack<M>())
  if (!isMet) return
  if (isTwo<M>()) countBoth(STATE, 192)
  if (!header.wantsTaus()) return
  // U, I, J, qU, qI, qJ and both z of all lanes; what these add up to.
  countRead(STATE, 64 * (isTwo<M>() ? 8 : 5))
  countWritten(STATE, 64 * (isTwo<M>() ? 5 : 3))
  countBoth(GRADIENTS, 64 * (isTwo<M>() ? 3 : 2))
}

/** Where each lane has constants of its own; by time constants derivatives of the factors, qU, qI and z. */
export function countOwnInterval(): void {
  countRead(SPIKES, 16)
  countBoth(STATE, 64 * (header.wantsTaus() ? 3 + 2 + 4 + 3 : 3 + 2))
}

function perIntervalBack<M>(): usize {
  if (isTwo<M>()) return header.wantsTaus() ? 40 + 2 * TAU_FACTORS : 40
  return header.wantsTaus() ? 24 + TAU_FACTORS : 24
}

/** The propagators back from one instant to another, and the rows of the arrivals undone on the way. */
export function countQuietly<M>(from: usize, to: usize, withArrivals: bool): void {
  const intervals = (from - to) / INSTANT
  const rows: usize = withArrivals ? arrivalsFrom(to, from) : intervals == 0 ? 0 : arrivalsFrom(to, from - INSTANT)
  const instants = withArrivals ? intervals + 1 : intervals
  countRead(SPIKES, perIntervalBack<M>() * intervals)
  countUndone(instants, rows)
  // The same row for the time constants, beside what comes back to the spike; of two currents the sign of each weight.
  if (header.wantsTaus()) countRead(WEIGHTS, 64 * rows)
  if (isTwo<M>()) countRead(WEIGHTS, 64 * rows)
  if (header.eventSums() != 0) countSent(instants, rows)
}

/** The arrivals of an instant of lanes with constants of their own, on which no loss acts. */
export function countOwnInstant(instant: usize): void {
  const rows = arrivalsFrom(instant, instant)
  countUndone(1, rows)
  countRead(STATE, 64)
  if (header.wantsTaus()) countTaus<PerNeuronConstants>(rows)
  if (header.eventSums() == 0) return
  countRead(STATE, 64 * 2)
  countSent(0, rows)
}

/** The adjoint of all lanes, for those who look at it where a loss acts on an arrival of an instant, and its arrivals, one by one. */
export function countMetInstant<M>(instant: usize): void {
  const rows = arrivalsFrom(instant, instant)
  if (!isPerNeuron<M>()) {
    countWritten(STATE, isTwo<M>() ? 192 : 128)
    countRead(STATE, 64)
  }
  countUndone(1, rows)
  countRead(WEIGHTS, 64 * rows)
  countRead(STATE, (isTwo<M>() ? 128 + 192 : 64 + 128) * rows)
  countWritten(STATE, 64 * rows)
  if (header.wantsTaus()) countTaus<M>(rows)
  if (header.eventSums() != 0) countStored(rows)
}

/** A maximum on one of them: its record, pU, its gradient event. */
export function countMetPeak(): void {
  countRead(TAPE, 12)
  countBoth(STATE, 8)
  countWritten(STATE, 8)
}

/** Rows of gradients, by what is known of each, at some instants. */
function countUndone(instants: usize, rows: usize): void {
  countRead(SPIKES, 8 * instants + 4 * rows)
  countBoth(GRADIENTS, 64 * rows)
}

/** Gradient events of some rows: weights, slots, lane sums. */
function countSent(instants: usize, rows: usize): void {
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 8 * instants + 8 * rows)
  countWritten(SPIKES, 16 * rows)
}

/** Gradient events of some rows that are stored one by one: of the lanes, slots, lane sums. */
function countStored(rows: usize): void {
  countRead(STATE, 64 * rows)
  countRead(SPIKES, 4 * rows)
  countWritten(SPIKES, 16 * rows)
}

/** What rows add to the gradients by time constants one by one: q and z of each current. */
function countTaus<M>(rows: usize): void {
  countRead(WEIGHTS, 64 * rows)
  countRead(STATE, 64 * (isTwo<M>() ? 4 : 2) * rows)
  countBoth(GRADIENTS, 64 * (isTwo<M>() ? 3 : 2) * rows)
}

/**
 * The integral of every lane, set to 0 and noted; the arrivals of every instant, which are added to it. Where neurons have
 * arrivals of their own, these are counted elsewhere.
 */
export function countIntegrals(trial: i32): void {
  countWritten(STATE, 64 * 2)
  countRead(STATE, 64)
  if (header.delays() != 0) return
  countBoth(STATE, 64 * countResponses(trial, 8))
}

/** dL/d(integral) of every lane; the arrivals of every instant, twice where gradients by time constants are wanted, too. */
export function countUndoneIntegrals(trial: i32): void {
  countBoth(STATE, 64)
  if (header.wantsBias()) countBoth(GRADIENTS, 64)
  if (header.wantsTaus()) countBoth(GRADIENTS, 64)
  if (header.delays() != 0) return
  const rows = countResponses(trial, 16)
  countBoth(GRADIENTS, 64 * rows)
  countBoth(STATE, 64 * rows)
  if (header.eventSums() != 0) countStored(rows)
  if (!header.wantsTaus()) return
  countWeights(rows)
  countRead(STATE, 64 * rows)
  countBoth(GRADIENTS, 64 * 2 * rows)
}

/**
 * The arrivals of every instant of a trial with their weights; of the instant where these are, and what they do, through each
 * current, or with constants of their own when it is. Returns how many rows there are.
 */
function countResponses(trial: i32, response: usize): usize {
  const first = firstInstant(trial)
  const last = endOfInstants(trial) - INSTANT
  const rows = arrivalsFrom(first, last)
  const perInstant: usize = header.tausPerNeuron() != 0 ? 16 : 8 + (header.hasInhibition() ? 2 * response : response)
  countRead(SPIKES, perInstant * ((last - first) / INSTANT))
  countWeights(rows)
  return rows
}
