import { shortestTau } from '../equations/shortest-tau'
import { endOfInstants, firstInstant, gather, spikesBefore } from '../events/instants'
import { sortEvents } from '../events/sort-events'
import { putDownTaus } from '../lanes/lane-taus'
import { expQuotient } from '../numerics/exp-quotient'
import {
  EMITTED,
  SHIFTED_SPIKE_LATENCY,
  SHIFTED_SPIKE_SHIFT,
  SPIKE,
  SPIKE_FACTORS,
  SPIKE_SLOT,
  SPIKE_UNIT,
} from '../schema/delayed-records'
import {
  events,
  firstComing,
  firstComingInhibitions,
  firstComingRanges,
  hasInhibition,
  horizon,
  inhibitions,
  instantRanges,
  instants,
  leastDelays,
  reached,
  spikeLatencies,
  spikeShifts,
  spikeSlots,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/header'
import { EVENT, EVENT_FIRST, EVENT_SECOND, RANGE, RANGE_END, RANGE_START } from '../schema/records'

/** Factors of spikes start anew in every span of so many times the shortest time constant: none leaves the range of doubles. */
const SPAN: f64 = 64

/**
 * Brings the spikes of a trial that may arrive somewhere in the window into the order (time, unit, number). Those after its
 * end arrive later.
 */
export function prepareDelayed(trial: i32): void {
  putDownTaus()
  let spike = instants() + SPIKE * <usize>spikesBefore(trial)
  const range = instantRanges() + RANGE * <usize>trial
  store<u32>(range, <u32>spike, RANGE_START)
  const span = spanOfFactors()
  // Chance may let a spike arrive before it is known.
  const end = gather(trial, spikeShifts() == 0 ? horizon() : Infinity)
  const first = sortEvents(events(), end)
  const stop = first + (end - events())
  let origin: f64 = 0
  for (let event = first; event < stop; event += EVENT, spike += SPIKE) {
    const time = load<f64>(event)
    const number = load<u32>(event, EVENT_SECOND)
    store<f64>(spike, time, EMITTED)
    store<u32>(spike, load<u32>(event, EVENT_FIRST), SPIKE_UNIT)
    store<u32>(spike, spikeSlots() == 0 ? number : load<u32>(spikeSlots() + 4 * <usize>number), SPIKE_SLOT)
    if (spikeShifts() != 0) {
      store<f64>(spike, load<f64>(spikeShifts() + 8 * <usize>number), SHIFTED_SPIKE_SHIFT)
      store<f64>(spike, load<f64>(spikeLatencies() + 8 * <usize>number), SHIFTED_SPIKE_LATENCY)
      continue
    }
    if (!(time - origin < span)) origin = originOf(time)
    store<f64>(spike, expQuotient(time - origin, tauSyn()), SPIKE_FACTORS)
    store<f64>(spike, expQuotient(time - origin, tauMem()), SPIKE_FACTORS + 8)
    if (hasInhibition()) store<f64>(inhibitoryFactorOf(spike), expQuotient(time - origin, tauSynInh()))
  }
  store<u32>(range, <u32>spike, RANGE_END)
  if (firstComing() != 0) noteFirstComing(trial)
}

/** Lists the spikes whose earliest arrival may come in the window, in the same order. */
function noteFirstComing(trial: i32): void {
  const range = firstComingRanges() + RANGE * <usize>trial
  let into = <usize>load<u32>(range, RANGE_START)
  const end = endOfInstants(trial)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
    const soonest = load<f64>(spike, EMITTED) + load<f64>(leastDelays() + 8 * <usize>load<u32>(spike, SPIKE_UNIT))
    if (!(reached() <= soonest && soonest < horizon())) continue
    v128.store(into, v128.load(spike))
    v128.store(into, v128.load(spike, 16), 16)
    if (hasInhibition()) {
      const factor = firstComingInhibitions() + (into - firstComing()) / (SPIKE / 8)
      store<f64>(factor, load<f64>(inhibitoryFactorOf(spike)))
    }
    into += SPIKE
  }
  store<u32>(range, <u32>into, RANGE_END)
}

/** Where e^{(t - origin)/tauSynInh} of a spike is, where there are two currents. */
export function inhibitoryFactorOf(spike: usize): usize {
  return inhibitions() + (spike - instants()) / (SPIKE / 8)
}

/** What the factors of a spike at `time` are relative to: the start of its span of the grid. */
export function originOf(time: f64): f64 {
  const span = spanOfFactors()
  return floor(time / span) * span
}

/** A power of two, so that the grid is exact. */
export function spanOfFactors(): f64 {
  return powerBelow(SPAN * shortestTau())
}

/** The largest power of two up to a positive normal number. */
export function powerBelow(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0x7ff0000000000000)
}
