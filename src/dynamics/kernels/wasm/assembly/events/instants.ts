import { signOfLife } from '../env'
import * as header from '../schema/header'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  EVENT,
  EVENT_FIRST,
  EVENT_SECOND,
  INPUT,
  INSTANT,
  Input,
  LAST,
  LAST_ARRIVAL,
  LAST_ARRIVAL_INSTANT,
  LAST_ARRIVAL_TIME,
  PER_SOURCE,
  RANGE,
  RANGE_END,
  RANGE_START,
  REST_INSTANT,
  REST_TIME,
  ROW,
  SCALAR,
  SLOT,
  START,
  TIME,
} from '../schema/records'
import { writeFactors } from './instant-factors'
import { sortEvents } from './sort-events'

/**
 * Brings the spikes of all batches in a trial into event order: arrivals by (time, projection, source unit, spike),
 * those at one time under one instant. What arrives at the end of the window or later is left out.
 */
export function prepare(trial: i32): void {
  // As many instants as spikes, and two that are none.
  const before = <usize>spikesBefore(trial)
  let instant = header.instants() + INSTANT * (before + 2 * <usize>trial)
  let arrival = header.arrivals() + ARRIVAL * before
  const range = header.instantRanges() + RANGE * <usize>trial
  const earlier = header.lastArrivals() + LAST_ARRIVAL * <usize>trial
  let last: f64 = header.lastArrivals() == 0 ? 0 : load<f64>(earlier, LAST_ARRIVAL_TIME)
  const isRepeated = header.lastArrivals() != 0 && !header.isFirstWindow()
  store<f64>(instant, last, REST_TIME)
  store<u32>(instant, isRepeated ? load<u32>(earlier, LAST_ARRIVAL_INSTANT) : <u32>instant, REST_INSTANT)
  instant += INSTANT
  store<u32>(range, <u32>instant, RANGE_START)
  const end = gather(trial, header.horizon())
  const first = sortEvents(header.events(), end)
  const stop = first + (end - header.events())
  let event = first
  while (event < stop) {
    const time = load<f64>(event)
    const from = arrival
    do {
      inline.always(signOfLife(event))
      store<u32>(arrival, load<u32>(event, EVENT_FIRST) * 64, ROW)
      store<u32>(arrival, load<u32>(event, EVENT_SECOND), SLOT)
      arrival += ARRIVAL
      event += EVENT
    } while (event < stop && load<f64>(event) == time)
    writeInstant(instant, last, time, time)
    inline.always(list(instant, from, arrival))
    instant += INSTANT
    last = time
  }
  writeInstant(instant, last, header.horizon(), header.lastSpike())
  inline.always(list(instant, arrival, arrival))
  store<u32>(range, <u32>(instant + INSTANT), RANGE_END)
  writeFactors(firstInstant(trial), instant + INSTANT)
  if (header.lastArrivals() == 0) return
  store<f64>(earlier, last, LAST_ARRIVAL_TIME)
  store<u32>(earlier, <u32>beginOf(trial, instant), LAST_ARRIVAL_INSTANT)
}

/** The time of the last arrival in the earlier windows of a trial. */
export function timeBefore(trial: i32): f64 {
  return load<f64>(header.lastArrivals() + LAST_ARRIVAL * <usize>trial, LAST_ARRIVAL_TIME)
}

/** The instant at which an interval begins, by the one that ends it. */
export function beginOf(trial: i32, instant: usize): usize {
  const begin = instant - INSTANT
  return instant == firstInstant(trial) ? <usize>load<u32>(begin, REST_INSTANT) : begin
}

function list(instant: usize, from: usize, end: usize): void {
  store<u32>(instant, <u32>from, ARRIVALS)
  store<u32>(instant, <u32>end, ARRIVALS_END)
}

/** First instant of a trial at which something arrives, or the end. */
export function firstInstant(trial: i32): usize {
  return <usize>load<u32>(header.instantRanges() + RANGE * <usize>trial, RANGE_START)
}

export function endOfInstants(trial: i32): usize {
  return <usize>load<u32>(header.instantRanges() + RANGE * <usize>trial, RANGE_END)
}

/** Spikes of all batches in the trials before one. */
export function spikesBefore(trial: i32): u32 {
  let count: u32 = 0
  for (let k = 0; k < header.inputCount(); k++) {
    const input = header.inputs() + INPUT * <usize>k
    count += load<u32>(<usize>load<u32>(input, Input.OFFSETS) + 4 * <usize>trial)
  }
  return count
}

/** Writes the events of a trial before an end to `events`; returns where they end. */
export function gather(trial: i32, end: f64): usize {
  let event = header.events()
  for (let k = 0; k < header.inputCount(); k++) {
    const input = header.inputs() + INPUT * <usize>k
    const offsets = <usize>load<u32>(input, Input.OFFSETS) + 4 * <usize>trial
    const times = <usize>load<u32>(input, Input.TIMES)
    const units = <usize>load<u32>(input, Input.UNITS)
    const first = load<u32>(input, Input.UNIT)
    const slot = load<u32>(input, Input.SLOT)
    const slots = <usize>load<u32>(input, Input.SLOTS)
    const delays = <usize>load<u32>(input, Input.DELAYS)
    const kind = load<i32>(input, Input.KIND)
    for (let spike = load<u32>(offsets, 0); spike < load<u32>(offsets, 4); spike++) {
      const unit = load<u32>(units + 4 * <usize>spike)
      let time = load<f64>(times + 8 * <usize>spike)
      if (kind == SCALAR) time += load<f64>(delays)
      else if (kind == PER_SOURCE) time += load<f64>(delays + 8 * <usize>unit)
      if (!(time < end)) continue
      inline.always(signOfLife(event))
      store<f64>(event, time)
      store<u32>(event, first + unit, EVENT_FIRST)
      store<u32>(event, slots == 0 ? slot + spike : load<u32>(slots + 4 * <usize>spike), EVENT_SECOND)
      event += EVENT
    }
  }
  return event
}

/** The first of some instants that is not before a time; `end`: there is none. */
export function instantFrom(time: f64, first: usize, end: usize): usize {
  let count = (end - first) / INSTANT
  while (count > 0) {
    const half = count >> 1
    const middle = first + INSTANT * half
    if (load<f64>(middle, TIME) < time) {
      first = middle + INSTANT
      count -= half + 1
    } else count = half
  }
  return first
}

/** How many arrivals come at two instants of a trial and between them: they lie one behind the other. */
export function arrivalsFrom(first: usize, last: usize): usize {
  return (<usize>load<u32>(last, ARRIVALS_END) - <usize>load<u32>(first, ARRIVALS)) / ARRIVAL
}

/** Number of intervals that end in a window: an interval that is incomplete at its end continues in the next one. */
export function intervalsTo(first: usize, tail: usize): usize {
  return (tail - first) / INSTANT + (header.horizon() < header.until() ? 0 : 1)
}

function writeInstant(instant: usize, start: f64, time: f64, last: f64): void {
  store<f64>(instant, time, TIME)
  store<f64>(instant, start, START)
  store<f64>(instant, last, LAST)
}
