import { signOfLife } from '../env'
import { eventRoom, events } from '../schema/header'
import { EVENT, EVENT_FIRST, EVENT_SECOND } from '../schema/records'

/** Runs of this many events are sorted by insertion before they are merged. */
const RUN: usize = 8 * EVENT
/** Maximum number of events, in bytes, that are merged at once; more are first dealt out to intervals of time. */
const FEW: usize = 32 * EVENT
/** With fewer, spikes that come close together have to be moved far by insertion. */
const INTERVALS_PER_EVENT: usize = 2
/** More events than this in one interval are not put in order by insertion. */
const CROWD: u32 = 24

/** This thread's room for as many events again, and for the counts of intervals. */
function spareEvents(): usize {
  return events() + (eventRoom() / 5) * 2
}
function eventCounts(): usize {
  return events() + (eventRoom() / 5) * 4
}

/**
 * Sorts events by (time, first number, second number); returns where they are then: at `from`, or in the spare room.
 *
 * `from` is the room of this thread. Equal events keep their order, and events in order are left where they are.
 */
export function sortEvents(from: usize, to: usize): usize {
  if (isSorted(from, to)) return from
  if (to - from > FEW && deal(from, to)) {
    const spare = spareEvents()
    insertionSort(spare, spare + (to - from))
    return spare
  }
  return mergeSort(from, to)
}

/**
 * Deals events out to intervals of time, into the spare room; false, and nothing is done, if one is crowded.
 *
 * Afterwards every event is close to its place.
 */
function deal(from: usize, to: usize): bool {
  let least = Infinity
  let most: f64 = 0
  for (let event = from; event < to; event += EVENT) {
    inline.always(signOfLife(event))
    least = min(least, load<f64>(event))
    most = max(most, load<f64>(event))
  }
  const intervals = ((to - from) / EVENT) * INTERVALS_PER_EVENT
  const perMs = (<f64>intervals - 1) / (most - least)
  if (!(perMs < Infinity)) return false
  const places = eventCounts()
  memory.fill(places, 0, 4 * intervals)
  for (let event = from; event < to; event += EVENT) {
    inline.always(signOfLife(event))
    const own = places + 4 * <usize>((load<f64>(event) - least) * perMs)
    store<u32>(own, load<u32>(own) + 1)
  }
  const spare = spareEvents()
  let place: u32 = 0
  for (let own = places; own < places + 4 * intervals; own += 4) {
    const inside = load<u32>(own)
    if (inside > CROWD) return false
    store<u32>(own, place)
    place += inside
  }
  for (let event = from; event < to; event += EVENT) {
    inline.always(signOfLife(event))
    const own = places + 4 * <usize>((load<f64>(event) - least) * perMs)
    v128.store(spare + EVENT * <usize>load<u32>(own), v128.load(event))
    store<u32>(own, load<u32>(own) + 1)
  }
  return true
}

function mergeSort(from: usize, to: usize): usize {
  for (let run = from; run < to; run += RUN) insertionSort(run, min(run + RUN, to))
  const length = to - from
  let source = from
  let target = spareEvents()
  for (let width = RUN; width < length; width *= 2) {
    for (let low: usize = 0; low < length; low += 2 * width)
      merge(source + low, source + min(low + width, length), source + min(low + 2 * width, length), target + low)
    const previous = source
    source = target
    target = previous
  }
  return source
}

function isSorted(from: usize, to: usize): bool {
  for (let event = from + EVENT; event < to; event += EVENT) if (precedes(event, event - EVENT)) return false
  return true
}

export function precedes(a: usize, b: usize): bool {
  const s = load<f64>(a)
  const t = load<f64>(b)
  if (s != t) return s < t
  const row = load<u32>(a, EVENT_FIRST)
  const other = load<u32>(b, EVENT_FIRST)
  if (row != other) return row < other
  return load<u32>(a, EVENT_SECOND) < load<u32>(b, EVENT_SECOND)
}

function insertionSort(from: usize, to: usize): void {
  for (let event = from + EVENT; event < to; event += EVENT) {
    inline.always(signOfLife(event))
    if (!precedes(event, event - EVENT)) continue
    let place = event - EVENT
    while (place > from && precedes(event, place - EVENT)) place -= EVENT
    const taken = v128.load(event)
    for (let at = event; at > place; at -= EVENT) v128.store(at, v128.load(at - EVENT))
    v128.store(place, taken)
  }
}

function merge(a: usize, b: usize, end: usize, into: usize): void {
  const middle = b
  while (a < middle && b < end) {
    inline.always(signOfLife(into))
    if (precedes(b, a)) {
      v128.store(into, v128.load(b))
      b += EVENT
    } else {
      v128.store(into, v128.load(a))
      a += EVENT
    }
    into += EVENT
  }
  if (a < middle) memory.copy(into, a, middle - a)
  else memory.copy(into, b, end - b)
}
