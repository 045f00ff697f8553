import { arrivals, events, inputCount, inputs, instantRanges, instants, until, wantsTaus } from './plan'
import { decayMem, decaySyn, kappa, largestKappa, propagate } from './propagator'
import { signOfLife } from './sign-of-life'
import { EVENT, sortEvents } from './sort-events'
import { writeTauFactors } from './tau-instants'

/**
 * An instant at which something arrives at every neuron, and the propagator over the interval before it:
 *
 *     time | start | e^{-D/tauMem} | e^{-D/tauSyn} | kappa(D) | bound | first arrival, end of arrivals | last
 *
 * bound is `largestKappa`, and `last` the latest time a spike of the interval may have: that of the instant (a spike
 * comes before an arrival at the same time), or the last double before the end of the trial. A trial's last instant is
 * its end, where nothing arrives.
 */
export const INSTANT: usize = 64
export const TIME: usize = 0
export const START: usize = 8
export const DECAY_MEM: usize = 16
export const DECAY_SYN: usize = 24
export const KAPPA: usize = 32
export const BOUND: usize = 40
export const ARRIVALS: usize = 48
export const ARRIVALS_END: usize = 52
export const LAST: usize = 56

/** An arrival: byte offset of its row of weights in an octet, and number of its spike among those of all batches. */
export const ARRIVAL: usize = 8
export const ROW: usize = 0
export const SLOT: usize = 4

/** A batch of spikes: addresses of times, units and offsets, first row and slot, kind and address of delays. */
const INPUT: usize = 32

/**
 * Brings the spikes of all batches in a trial into event order: arrivals by (time, projection, source unit, spike),
 * those at one time under one instant. Arrivals at or after the end never happen.
 */
export function prepare(trial: i32): void {
  // As many instants as spikes, and the end.
  const before = <usize>spikesBefore(trial)
  let instant = instants() + INSTANT * (before + <usize>trial)
  let arrival = arrivals() + ARRIVAL * before
  const range = instantRanges() + 8 * <usize>trial
  store<u32>(range, <u32>instant)
  const end = gather(trial)
  const first = sortEvents(events(), end)
  const stop = first + (end - events())
  let last: f64 = 0
  let event = first
  while (event < stop) {
    const time = load<f64>(event)
    const from = arrival
    do {
      inline.always(signOfLife(event))
      store<u32>(arrival, load<u32>(event, 8) * 64, ROW)
      store<u32>(arrival, load<u32>(event, 12), SLOT)
      arrival += ARRIVAL
      event += EVENT
    } while (event < stop && load<f64>(event) == time)
    writeInstant(instant, last, time, time)
    store<u32>(instant, <u32>from, ARRIVALS)
    store<u32>(instant, <u32>arrival, ARRIVALS_END)
    instant += INSTANT
    last = time
  }
  writeInstant(instant, last, until(), nextDown(until()))
  store<u32>(instant, <u32>arrival, ARRIVALS)
  store<u32>(instant, <u32>arrival, ARRIVALS_END)
  store<u32>(range, <u32>(instant + INSTANT), 4)
}

/** First instant of a trial. */
export function firstInstant(trial: i32): usize {
  return <usize>load<u32>(instantRanges() + 8 * <usize>trial)
}

export function endOfInstants(trial: i32): usize {
  return <usize>load<u32>(instantRanges() + 8 * <usize>trial, 4)
}

/** Spikes of all batches in the trials before one. */
export function spikesBefore(trial: i32): u32 {
  let count: u32 = 0
  for (let k = 0; k < inputCount(); k++) {
    const input = inputs() + INPUT * <usize>k
    count += load<u32>(<usize>load<u32>(input, 8) + 4 * <usize>trial)
  }
  return count
}

/** Writes the events of a trial to `events`; returns their end. */
export function gather(trial: i32): usize {
  let event = events()
  const end = until()
  for (let k = 0; k < inputCount(); k++) {
    const input = inputs() + INPUT * <usize>k
    const offsets = <usize>load<u32>(input, 8) + 4 * <usize>trial
    const times = <usize>load<u32>(input, 0)
    const units = <usize>load<u32>(input, 4)
    const row = load<u32>(input, 12)
    const slot = load<u32>(input, 16)
    const delays = <usize>load<u32>(input, 24)
    // 0: none, 1: one for all, 2: one per source unit
    const kind = load<i32>(input, 20)
    for (let spike = load<u32>(offsets, 0); spike < load<u32>(offsets, 4); spike++) {
      const unit = load<u32>(units + 4 * <usize>spike)
      let time = load<f64>(times + 8 * <usize>spike)
      if (kind == 1) time += load<f64>(delays)
      else if (kind == 2) time += load<f64>(delays + 8 * <usize>unit)
      if (!(time < end)) continue
      inline.always(signOfLife(event))
      store<f64>(event, time)
      store<u32>(event, row + unit, 8)
      store<u32>(event, slot + spike, 12)
      event += EVENT
    }
  }
  return event
}

/** How many arrivals come at two instants of a trial and between them: they lie one behind the other. */
export function arrivalsFrom(first: usize, last: usize): usize {
  return (<usize>load<u32>(last, ARRIVALS_END) - <usize>load<u32>(first, ARRIVALS)) / ARRIVAL
}

function writeInstant(instant: usize, start: f64, time: f64, last: f64): void {
  const d = time - start
  store<f64>(instant, time, TIME)
  store<f64>(instant, start, START)
  store<f64>(instant, last, LAST)
  if (d > 0) {
    propagate(d)
    store<f64>(instant, decayMem, DECAY_MEM)
    store<f64>(instant, decaySyn, DECAY_SYN)
    store<f64>(instant, kappa, KAPPA)
    store<f64>(instant, largestKappa(d, time), BOUND)
  } else {
    store<f64>(instant, 1, DECAY_MEM)
    store<f64>(instant, 1, DECAY_SYN)
    store<f64>(instant, 0, KAPPA)
    store<f64>(instant, 0, BOUND)
  }
  if (wantsTaus()) writeTauFactors(instant, d)
}

/** The next smaller double of a positive one. */
export function nextDown(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) - 1)
}
