import { lanes } from '../lanes/lanes'
import { BIN, SPIKE, SPIKE_INTERVAL, SPIKE_INTERVAL_TAUS } from '../schema/delayed-records'
import { eventSums, hasInhibition, peaks, ratio, refractories, spikeShifts, wantsTaus } from '../schema/header'
import { EVENTS } from '../schema/lanes'
import { EVENT, GRADIENTS, PEAK, SPIKES, STATE, TAPE, WEIGHTS } from '../schema/records'
import { countBoth, countRead, countWritten } from '../traffic'

/**
 * What a lane group reads and writes whose neurons have arrivals of their own, but for what arrives, which
 * src/dynamics/kernels/simd/simd-traffic.ts counts by the spikes that come.
 *
 * No figure depends on how a run is cut into windows, or a group into slices: a bin counts once, when all of its arrivals
 * are known, and nothing that is looked at again counts again.
 */

/** Bins in which something has arrived, that the lanes have been carried through. */
let bins: usize = 0
/** Arrivals that something came back to, and lanes of their rows beside them. */
let undone: usize = 0

export function forgetBins(): void {
  bins = 0
}

/** The lanes have been carried through a bin. */
export function noteBin(): void {
  bins++
}

/** The sums of each bin, which is left empty; where the lanes are, and what they are tested against. */
export function countBins(): void {
  const currents: usize = hasInhibition() ? 2 : 1
  const held: usize = refractories() == 0 ? 0 : 1
  countRead(STATE, bins * (BIN + 64 * (3 + currents + held)))
  countWritten(STATE, bins * (BIN + 64 * (2 + currents)))
}

/** The lanes of neurons that fire are put to rest at the start of a trial: their state, what it is tested against, numbers of spikes. */
export function countOwnRest(): void {
  countRead(STATE, 64 * 2)
  countWritten(STATE, 64 * (hasInhibition() ? 8 : 7))
  countWritten(SPIKES, 32)
}

/** What is looked for a maximum begins: one record and the best so far of every lane. */
export function countOwnPeaks(): void {
  if (peaks() == 0) return
  countWritten(TAPE, 8 * PEAK)
  countWritten(STATE, 64)
}

/** The adjoint at the end of a trial, and `rows` rows of inter-spike intervals that are not opened yet. */
export function countAtEnd(rows: usize): void {
  countRead(SPIKES, 32)
  countWritten(STATE, 64 * (hasInhibition() ? 4 : 3) + 32 + rows * SPIKE_INTERVAL)
  if (wantsTaus()) countWritten(STATE, rows * SPIKE_INTERVAL_TAUS)
}

/** An inter-spike interval: when it begins and ends, and the adjoint there, from which the lane continues. */
export function countSpikeInterval(): void {
  const currents: usize = hasInhibition() ? 2 : 1
  countBoth(STATE, 4)
  countWritten(STATE, 8 * (2 + 1 + currents) + 8 * (2 + currents))
  if (wantsTaus()) countWritten(STATE, 16 * currents)
}

export function forgetUndone(): void {
  undone = 0
}

/** A row of arrivals has been undone; their gradient events are in EVENTS. */
export function noteUndoneRow(): void {
  const zero = f64x2.splat(0)
  const events = lanes + EVENTS
  const some = v128.or(
    v128.or(f64x2.ne(v128.load(events), zero), f64x2.ne(v128.load(events, 16), zero)),
    v128.or(f64x2.ne(v128.load(events, 32), zero), f64x2.ne(v128.load(events, 48), zero)),
  )
  if (v128.any_true(some)) undone += 8
}

/** The same of an arrival alone. */
export function noteUndone(event: f64): void {
  if (event != 0) undone++
}

/**
 * Arrivals to which nothing comes back count for nothing. The others: delay and weight, in scaled form also their factors;
 * the inter-spike interval they belong to; the gradients of weight and delay, and the gradient event.
 *
 * @param isScaled see `spike-intervals.ts`
 */
export function countUndone(isScaled: bool): void {
  const currents: usize = hasInhibition() ? 2 : 1
  const factors: usize = !isScaled ? 0 : ratio() == 0 || hasInhibition() ? 2 : 1
  countRead(WEIGHTS, 8 * (2 + factors) * undone)
  countRead(STATE, 8 * (3 + currents) * undone)
  countWritten(STATE, 8 * undone)
  countBoth(GRADIENTS, 8 * 2 * undone)
  countRead(SPIKES, (spikeShifts() == 0 ? SPIKE / 8 : EVENT) * undone)
  if (eventSums() != 0) {
    countRead(STATE, 8 * undone)
    countWritten(SPIKES, 2 * undone)
  }
  if (!wantsTaus()) return
  countRead(WEIGHTS, 8 * (2 + factors) * undone)
  countRead(STATE, 8 * 2 * currents * undone)
  countBoth(GRADIENTS, 8 * (1 + currents) * undone)
}
