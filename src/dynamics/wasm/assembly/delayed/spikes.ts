import { gather, spikesBefore } from '../instants'
import { expQuotient } from '../numerics/exp-quotient'
import { EMITTED, SPIKE, SPIKE_FACTORS, SPIKE_ROW, SPIKE_SLOT } from '../schema/delayed-records'
import { events, instantRanges, instants, tauMem, tauSyn } from '../schema/plan'
import { EVENT, EVENT_FIRST, EVENT_SECOND, RANGE, RANGE_END, RANGE_START } from '../schema/records'
import { sortEvents } from '../sort-events'

/** Factors of spikes start anew in every span of so many times the shorter time constant: none leaves the range of doubles. */
const SPAN: f64 = 64

/** Brings the spikes of all batches in a trial into the order (time, row, number). Spikes after the end reach nobody. */
export function prepareDelayed(trial: i32): void {
  let spike = instants() + SPIKE * <usize>spikesBefore(trial)
  const range = instantRanges() + RANGE * <usize>trial
  store<u32>(range, <u32>spike, RANGE_START)
  const span = spanOfFactors()
  const end = gather(trial)
  const first = sortEvents(events(), end)
  const stop = first + (end - events())
  let origin: f64 = 0
  for (let event = first; event < stop; event += EVENT, spike += SPIKE) {
    const time = load<f64>(event)
    if (!(time - origin < span)) origin = originOf(time)
    store<f64>(spike, time, EMITTED)
    store<u32>(spike, load<u32>(event, EVENT_FIRST) * 64, SPIKE_ROW)
    store<u32>(spike, load<u32>(event, EVENT_SECOND), SPIKE_SLOT)
    store<f64>(spike, expQuotient(time - origin, tauSyn()), SPIKE_FACTORS)
    store<f64>(spike, expQuotient(time - origin, tauMem()), SPIKE_FACTORS + 8)
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
