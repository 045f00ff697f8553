import { precedes, sortEvents } from '../events/sort-events'
import { MINIMAL_CYCLE_DELAY } from '../schema/constants'
import {
  EMITTED,
  SHIFTED_SPIKE_LATENCY,
  SHIFTED_SPIKE_SHIFT,
  SPIKE,
  SPIKE_SLOT,
  SPIKE_UNIT,
} from '../schema/delayed-records'
import { delays, events, horizon, reached, rows, spikeShifts, until } from '../schema/header'
import { EVENT, EVENT_AT, EVENT_FIRST, EVENT_SECOND } from '../schema/records'
import { endOfRowsOf, firstRowOf, hasRowOfEach, numberOf, rowAt } from './unit-rows'

/**
 * The arrivals at one neuron in one trial, in event order: time, unit, number of the spike at one of its rows.
 *
 * Every synapse has a delay of its own, so every neuron has an order of its own.
 */
export const ARRIVES: usize = EVENT_AT
export const ARRIVAL_UNIT: usize = EVENT_FIRST
export const ARRIVAL_NUMBER: usize = EVENT_SECOND

/** Maximum number of arrivals, in bytes of their events, that are sorted as they are listed. */
const FEW: usize = 24 * EVENT

/** Where the list begins. */
export let listed: usize = 0

/** When a spike arrives over a delay; where chance shifts it as `shiftedDelay` in src/dynamics/noise/spike-noise.ts says. */
export function arrivalOf(spike: usize, delay: f64): f64 {
  const emitted = load<f64>(spike, EMITTED)
  if (spikeShifts() == 0) return emitted + delay
  const latency = load<f64>(spike, SHIFTED_SPIKE_LATENCY)
  const soonest = min(latency + delay, MINIMAL_CYCLE_DELAY) - latency
  return emitted + max(delay + load<f64>(spike, SHIFTED_SPIKE_SHIFT), soonest)
}

/**
 * On the way back, the time from which on arrivals are undone, and before which: all those of a spike at once, when what
 * arrives in the window of the earliest is. Where chance shifts them, those of the window.
 */
export function undoneSince(): f64 {
  return spikeShifts() == 0 ? 0 : reached()
}

export function undoneBefore(): f64 {
  return spikeShifts() == 0 ? until() : horizon()
}

/** Whether something that arrives at a time is undone with the spikes at work. */
export function isUndone(time: f64): bool {
  return undoneSince() <= time && time < undoneBefore()
}

/** Lists what some spikes of a trial cause at a lane from `since` on, before `stop`; returns the end of the list. */
export function listArrivals(laneGroup: i32, n: i32, first: usize, end: usize, since: f64, stop: f64): usize {
  const own = delays() + 64 * <usize>rows() * <usize>laneGroup + 8 * <usize>n
  listed = events()
  const next =
    spikeShifts() == 0 && hasRowOfEach()
      ? listRowOfEach(own, first, end, since, stop)
      : listAllRows(own, first, end, since, stop)
  if (next - listed <= FEW) return next
  const sorted = sortEvents(listed, next)
  const stopped = sorted + (next - listed)
  listed = sorted
  return stopped
}

/** Where every unit has one row, and chance shifts nothing: most lists, and the inner loop of those who may fire. */
function listRowOfEach(own: usize, first: usize, end: usize, since: f64, stop: f64): usize {
  let next = listed
  for (let spike = first; spike < end; spike += SPIKE) {
    const emitted = load<f64>(spike, EMITTED)
    if (!(emitted < stop)) break
    const unit = load<u32>(spike, SPIKE_UNIT)
    const time = emitted + load<f64>(own + 64 * <usize>unit)
    if (time >= since && time < stop) next = add(next, time, unit, load<u32>(spike, SPIKE_SLOT))
  }
  return next
}

function listAllRows(own: usize, first: usize, end: usize, since: f64, stop: f64): usize {
  const isOrdered = spikeShifts() == 0
  let next = listed
  for (let spike = first; spike < end; spike += SPIKE) {
    if (isOrdered && !(load<f64>(spike, EMITTED) < stop)) break
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    let number = numberOf(load<u32>(spike, SPIKE_SLOT))
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64, number++) {
      const time = arrivalOf(spike, load<f64>(own + row))
      if (time >= since && time < stop) next = add(next, time, unit, number)
    }
  }
  return next
}

/** Adds an arrival to the list, in order while it is short; returns its new end. */
function add(next: usize, time: f64, unit: u32, number: u32): usize {
  store<f64>(next, time, ARRIVES)
  store<u32>(next, unit, ARRIVAL_UNIT)
  store<u32>(next, number, ARRIVAL_NUMBER)
  if (next - listed < FEW) putInOrder(next)
  return next + EVENT
}

/** Byte offset of the row that an arrival comes through. */
export function rowOfArrival(arrival: usize): usize {
  return rowAt(load<u32>(arrival, ARRIVAL_UNIT), load<u32>(arrival, ARRIVAL_NUMBER))
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
