import { EMITTED, SPIKE, SPIKE_ROW, SPIKE_SLOT } from '../schema/delayed-records'
import { delays, events, rows, until } from '../schema/plan'
import { EVENT, EVENT_AT, EVENT_FIRST, EVENT_SECOND } from '../schema/records'
import { precedes, sortEvents } from '../sort-events'

/**
 * The arrivals at one neuron in one trial, in event order: time, byte offset of the row of weights, number of the spike.
 *
 * Every synapse has a delay of its own, so every neuron has an order of its own.
 */
export const ARRIVES: usize = EVENT_AT
export const ARRIVAL_ROW: usize = EVENT_FIRST
export const ARRIVAL_SLOT: usize = EVENT_SECOND

/** Up to so many arrivals are sorted while they are listed. */
const FEW: usize = 24 * SPIKE

/** Where the list begins. */
export let listed: usize = 0

/** Lists what some spikes of a trial cause at a lane, before the trial ends; returns the end of the list. */
export function listArrivals(octet: i32, n: i32, first: usize, end: usize): usize {
  const own = delays() + 64 * <usize>rows() * <usize>octet + 8 * <usize>n
  listed = events()
  let next = listed
  const isShort = end - first <= FEW
  for (let spike = first; spike < end; spike += SPIKE) {
    const time = load<f64>(spike, EMITTED) + load<f64>(own + <usize>load<u32>(spike, SPIKE_ROW))
    if (!(time < until())) continue
    writeArrival(next, time, spike)
    if (isShort) putInOrder(next)
    next += EVENT
  }
  if (isShort) return next
  const sorted = sortEvents(listed, next)
  next = sorted + (next - listed)
  listed = sorted
  return next
}

/** Lists what some spikes cause at a lane from `since` on, before `stop` and before the trial ends; returns its end. */
export function listWithin(octet: i32, n: i32, first: usize, end: usize, since: f64, stop: f64): usize {
  const own = delays() + 64 * <usize>rows() * <usize>octet + 8 * <usize>n
  const before = min(stop, until())
  listed = events()
  let next = listed
  for (let spike = first; spike < end; spike += SPIKE) {
    const emitted = load<f64>(spike, EMITTED)
    if (!(emitted < stop)) break
    const time = emitted + load<f64>(own + <usize>load<u32>(spike, SPIKE_ROW))
    if (!(time >= since && time < before)) continue
    writeArrival(next, time, spike)
    putInOrder(next)
    next += EVENT
  }
  return next
}

/** What a spike causes, at the end of the list. */
function writeArrival(at: usize, time: f64, spike: usize): void {
  store<f64>(at, time, ARRIVES)
  store<u32>(at, load<u32>(spike, SPIKE_ROW), ARRIVAL_ROW)
  store<u32>(at, load<u32>(spike, SPIKE_SLOT), ARRIVAL_SLOT)
}

/** Moves the last arrival of the list to its place. */
function putInOrder(last: usize): void {
  const taken = v128.load(last)
  let place = last
  for (; place > listed && precedes(last, place - EVENT); place -= EVENT) {}
  if (place == last) return
  for (let at = last; at > place; at -= EVENT) v128.store(at, v128.load(at - EVENT))
  v128.store(place, taken)
}
