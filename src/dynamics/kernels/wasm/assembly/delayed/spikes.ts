import { endOfInstants, firstInstant, gather, spikesBefore } from '../events/instants'
import { sortEvents } from '../events/sort-events'
import { shortestTau } from '../lanes/lane-taus'
import { expQuotient } from '../numerics/exp'
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
  longestDelay,
  longestLeastDelay,
  openSince,
  reached,
  spikeLatencies,
  spikeRoom,
  spikeShifts,
  spikeSlots,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/header'
import { EVENT, EVENT_FIRST, EVENT_SECOND, RANGE, RANGE_END, RANGE_START } from '../schema/records'

/**
 * Span of factors of spikes, as a multiple of the shortest time constant: factors restart in every span, so that none
 * leaves the range of doubles.
 */
const SPAN: f64 = 64

/**
 * Brings the spikes of a trial that may arrive somewhere in the window into the order (time, unit, number). Those after its
 * end arrive later.
 */
export function prepareDelayed(trial: i32): void {
  const range = instantRanges() + RANGE * <usize>trial
  // Chance may let a spike arrive before it is known.
  const end = gather(trial, spikeShifts() == 0 ? horizon() : Infinity)
  const first = sortEvents(events(), end)
  const stop = first + (end - events())
  if (spikeRoom() == 0) {
    const spike = instants() + SPIKE * <usize>spikesBefore(trial)
    store<u32>(range, <u32>spike, RANGE_START)
    store<u32>(range, <u32>spike, RANGE_END)
  } else makeRoom(trial, range, stop - first)
  addSpikes(range, first, stop)
  if (firstComing() != 0) noteFirstComing(trial)
}

/** Drops the spikes that have arrived everywhere, and has room for more of them behind the others. */
function makeRoom(trial: i32, range: usize, bytes: usize): void {
  let first = <usize>load<u32>(range, RANGE_START)
  let end = <usize>load<u32>(range, RANGE_END)
  while (first < end && load<f64>(first, EMITTED) + longestDelay() < openSince()) first += SPIKE
  const room = instants() + SPIKE * <usize>spikeRoom() * <usize>trial
  if (end + (bytes / EVENT) * SPIKE > room + SPIKE * <usize>spikeRoom()) {
    if (hasInhibition()) memory.copy(inhibitoryFactorOf(room), inhibitoryFactorOf(first), (end - first) / (SPIKE / 8))
    memory.copy(room, first, end - first)
    end = room + (end - first)
    first = room
  }
  store<u32>(range, <u32>first, RANGE_START)
  store<u32>(range, <u32>end, RANGE_END)
}

/** Adds spikes, which are in order, to those of a trial: most are later than all of these. */
function addSpikes(range: usize, added: usize, stop: usize): void {
  const first = <usize>load<u32>(range, RANGE_START)
  let spike = <usize>load<u32>(range, RANGE_END)
  let into = spike + ((stop - added) / EVENT) * SPIKE
  store<u32>(range, <u32>into, RANGE_END)
  let event = stop
  while (event > added) {
    event -= EVENT
    for (; spike > first && comesBefore(event, spike - SPIKE); spike -= SPIKE) {
      into -= SPIKE
      moveSpike(spike - SPIKE, into)
    }
    into -= SPIKE
    writeSpike(event, into)
  }
}

/** Whether a spike that is added comes before one that is there. */
function comesBefore(event: usize, spike: usize): bool {
  const time = load<f64>(event)
  const other = load<f64>(spike, EMITTED)
  if (time != other) return time < other
  const unit = load<u32>(event, EVENT_FIRST)
  const otherUnit = load<u32>(spike, SPIKE_UNIT)
  return unit != otherUnit ? unit < otherUnit : slotOf(event) < load<u32>(spike, SPIKE_SLOT)
}

function moveSpike(from: usize, into: usize): void {
  v128.store(into, v128.load(from))
  v128.store(into, v128.load(from, 16), 16)
  if (hasInhibition()) store<f64>(inhibitoryFactorOf(into), load<f64>(inhibitoryFactorOf(from)))
}

/** The number of a spike among those of all batches. */
function slotOf(event: usize): u32 {
  const number = load<u32>(event, EVENT_SECOND)
  return spikeSlots() == 0 ? number : load<u32>(spikeSlots() + 4 * <usize>number)
}

function writeSpike(event: usize, spike: usize): void {
  const time = load<f64>(event)
  store<f64>(spike, time, EMITTED)
  store<u32>(spike, load<u32>(event, EVENT_FIRST), SPIKE_UNIT)
  store<u32>(spike, slotOf(event), SPIKE_SLOT)
  if (spikeShifts() != 0) {
    const number = load<u32>(event, EVENT_SECOND)
    store<f64>(spike, load<f64>(spikeShifts() + 8 * <usize>number), SHIFTED_SPIKE_SHIFT)
    store<f64>(spike, load<f64>(spikeLatencies() + 8 * <usize>number), SHIFTED_SPIKE_LATENCY)
    return
  }
  const origin = originOf(time)
  store<f64>(spike, expQuotient(time - origin, tauSyn()), SPIKE_FACTORS)
  store<f64>(spike, expQuotient(time - origin, tauMem()), SPIKE_FACTORS + 8)
  if (hasInhibition()) store<f64>(inhibitoryFactorOf(spike), expQuotient(time - origin, tauSynInh()))
}

/** Lists the spikes whose earliest arrival may come in the window, in the same order. */
function noteFirstComing(trial: i32): void {
  const range = firstComingRanges() + RANGE * <usize>trial
  let into = <usize>load<u32>(range, RANGE_START)
  const end = endOfInstants(trial)
  for (
    let spike = firstArriving(reached(), longestLeastDelay(), firstInstant(trial), end);
    spike < end;
    spike += SPIKE
  ) {
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

/** The first of some spikes that may arrive at a time or later, over delays up to the longest; most are earlier. */
export function firstArriving(time: f64, longest: f64, first: usize, end: usize): usize {
  let spike = end
  while (spike > first && load<f64>(spike - SPIKE, EMITTED) + longest >= time) spike -= SPIKE
  return spike
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
