import { gather, spikesBefore } from '../instants'
import { expQuotient } from '../numerics/exp-quotient'
import { EMITTED, SPIKE, SPIKE_FACTORS, SPIKE_NUMBER, SPIKE_ROW } from '../schema/delayed-records'
import {
  events,
  horizon,
  instantRanges,
  instants,
  mostCopies,
  rowStarts,
  spikeLatencies,
  spikeShifts,
  spikeSlots,
  tauMem,
  tauSyn,
} from '../schema/plan'
import { EVENT, EVENT_FIRST, EVENT_SECOND, RANGE, RANGE_END, RANGE_START } from '../schema/records'
import { sortEvents } from '../sort-events'
import { numberAt } from './copies'

/** Factors of spikes start anew in every span of so many times the shorter time constant: none leaves the range of doubles. */
const SPAN: f64 = 64

/**
 * Brings the spikes of a trial that may arrive somewhere in the window into the order (time, unit, number), each at all rows
 * of its unit. Those after its end arrive later.
 */
export function prepareDelayed(trial: i32): void {
  let spike = instants() + SPIKE * <usize>mostCopies() * <usize>spikesBefore(trial)
  const range = instantRanges() + RANGE * <usize>trial
  store<u32>(range, <u32>spike, RANGE_START)
  const span = spanOfFactors()
  // Chance may let a spike arrive before it is known.
  const end = gather(trial, spikeShifts() == 0 ? horizon() : Infinity)
  const first = sortEvents(events(), end)
  const stop = first + (end - events())
  let origin: f64 = 0
  for (let event = first; event < stop; event += EVENT) {
    const time = load<f64>(event)
    const number = load<u32>(event, EVENT_SECOND)
    let factors = f64x2.splat(0)
    if (spikeShifts() != 0) {
      factors = v128.load64_zero(spikeShifts() + 8 * <usize>number)
      factors = f64x2.replace_lane(factors, 1, load<f64>(spikeLatencies() + 8 * <usize>number))
    } else {
      if (!(time - origin < span)) origin = originOf(time)
      factors = f64x2.splat(expQuotient(time - origin, tauSyn()))
      factors = f64x2.replace_lane(factors, 1, expQuotient(time - origin, tauMem()))
    }
    const unit = load<u32>(event, EVENT_FIRST)
    const slot = spikeSlots() == 0 ? number : load<u32>(spikeSlots() + 4 * <usize>number)
    const copies = rowStarts() + 4 * <usize>unit
    const row = rowStarts() == 0 ? unit : load<u32>(copies)
    const endOfRows = rowStarts() == 0 ? unit + 1 : load<u32>(copies, 4)
    for (let at = row; at < endOfRows; at++, spike += SPIKE) {
      store<f64>(spike, time, EMITTED)
      store<u32>(spike, 64 * at, SPIKE_ROW)
      store<u32>(spike, numberAt(slot, at - row), SPIKE_NUMBER)
      v128.store(spike, factors, SPIKE_FACTORS)
    }
  }
  store<u32>(range, <u32>spike, RANGE_END)
}

/** What the factors of a spike at `time` are relative to: the start of its span of the grid. */
export function originOf(time: f64): f64 {
  const span = spanOfFactors()
  return floor(time / span) * span
}

/** A power of two, so that the grid is exact. */
export function spanOfFactors(): f64 {
  return powerBelow(SPAN * min(tauMem(), tauSyn()))
}

/** The largest power of two up to a positive normal number. */
export function powerBelow(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0x7ff0000000000000)
}
