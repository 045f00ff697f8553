import { spareEvents } from './plan'

/** An event to be put in order: f64 time, and two u32 that decide between equal times, the first one first. */
export const EVENT: usize = 16

/** Runs of this many events are sorted by insertion before they are merged. */
const RUN: usize = 8 * EVENT

/**
 * Sorts events by (time, first number, second number); returns where they are then: at `from`, or in the spare buffer.
 *
 * Equal events keep their order, and events in order are left where they are.
 */
export function sortEvents(from: usize, to: usize): usize {
  if (isSorted(from, to)) return from
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
  const row = load<u32>(a, 8)
  const other = load<u32>(b, 8)
  if (row != other) return row < other
  return load<u32>(a, 12) < load<u32>(b, 12)
}

function insertionSort(from: usize, to: usize): void {
  for (let event = from + EVENT; event < to; event += EVENT) {
    let place = event
    while (place > from && precedes(event, place - EVENT)) place -= EVENT
    if (place == event) continue
    const taken = v128.load(event)
    memory.copy(place + EVENT, place, event - place)
    v128.store(place, taken)
  }
}

function merge(a: usize, b: usize, end: usize, into: usize): void {
  const middle = b
  while (a < middle && b < end) {
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
