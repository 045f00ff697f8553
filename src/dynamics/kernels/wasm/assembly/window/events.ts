import {
  arrivalCount,
  arrivalsAt,
  bin,
  binEnd,
  binStart,
  eventsAt,
  isSheared,
  isUnscaled,
  logAt,
  logHeads,
  logRoom,
  poissonInputCount,
  poissonInputsAt,
  walkFlags,
} from '../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_ADDED,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_X,
  ENTRY,
  ENTRY_ARRIVAL,
  ENTRY_BEFORE,
  ENTRY_X,
  EVENT,
  EVENT_PLACE,
  EVENT_X,
  POISSON_INPUT,
  PROJECTION_COMMON,
  PROJECTION_IS_DOUBLE,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
} from '../schema/window-records'
import { projectionOf, RECORD_TARGET, recordAdded, recordX, targetOf } from './arrivals'
import { candidate, candidateCount, NO_ENTRY } from './candidates'
import { isScaled, Scaled, Unscaled } from './forms'
import {
  binOfInterval,
  binOfWord,
  poissonArrival,
  timeInBin,
  weightPairOf,
  wordCountOf,
  wordsOf,
} from './poisson-input'

/** Places of arrivals from Poisson inputs begin here: behind those of the log, whose last entry comes first. */
export const POISSON_PLACE: u32 = 0x80000000

/** Arrivals at candidates that the log should have. */
let logged: u32 = 0
let poissonInputEvents: u32 = 0

/** Notes the arrivals at candidates, the last one first; returns how many there are, noted or not. */
export function logArrivals(): u32 {
  for (let k = 0; k < candidateCount(); k++) store<u32>(logHeads() + 4 * <usize>candidate(k), NO_ENTRY)
  logged = 0
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  // Backward, since the last entry of a neuron comes to be the first of its list.
  for (let after = end; after > arrivalsAt(); after -= ARRIVAL) {
    const arrival = after - ARRIVAL
    const projection = projectionOf(arrival)
    const isDouble = load<u32>(projection, PROJECTION_IS_DOUBLE) != 0
    if (isUnscaled()) {
      if (isDouble) logRecords<f64, Unscaled>(arrival, projection)
      else logRecords<f32, Unscaled>(arrival, projection)
    } else if (load<u32>(projection, PROJECTION_STRIDE) == SHORT_RECORD) logShort(arrival)
    else if (isDouble) logRecords<f64, Scaled>(arrival, projection)
    else logRecords<f32, Scaled>(arrival, projection)
  }
  return logged
}

function logShort(arrival: usize): void {
  const flags = walkFlags()
  const stop = <usize>load<u32>(arrival, ARRIVAL_END)
  const added = v128.load(arrival, ARRIVAL_ADDED)
  const x = load<f64>(arrival, ARRIVAL_X)
  let at = <usize>load<u32>(arrival, ARRIVAL_FIRST)
  for (; at + 8 <= stop; at += 8) {
    const four = load<u64>(at)
    const a = <u32>four & 0xffff
    const b = <u32>(four >> 16) & 0xffff
    const c = <u32>(four >> 32) & 0xffff
    const d = <u32>(four >> 48)
    if (load<u8>(flags + a) | load<u8>(flags + b) | load<u8>(flags + c) | load<u8>(flags + d)) {
      if (load<u8>(flags + a)) log(a, added, x, arrival)
      if (load<u8>(flags + b)) log(b, added, x, arrival)
      if (load<u8>(flags + c)) log(c, added, x, arrival)
      if (load<u8>(flags + d)) log(d, added, x, arrival)
    }
  }
  for (; at < stop; at += 2) {
    const a = <u32>load<u16>(at)
    if (load<u8>(flags + a)) log(a, added, x, arrival)
  }
}

function logRecords<T, F>(arrival: usize, projection: usize): void {
  const flags = walkFlags()
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const stop = <usize>load<u32>(arrival, ARRIVAL_END)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < stop; record += stride) {
    const target = isScaled<F>() ? load<u32>(record, RECORD_TARGET) : <u32>targetOf(record, stride)
    if (!load<u8>(flags + target)) continue
    const added = isScaled<F>() ? recordAdded<T>(arrival, projection, record) : weightBySign<T>(projection, record)
    log(target, added, recordX<T>(arrival, projection, record), arrival)
  }
}

/** The weight of a record as unscaled neurons take it: to one of their two currents. */
function weightBySign<T>(projection: usize, record: usize): v128 {
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const weight = weightAt == 0 ? load<f64>(projection, PROJECTION_COMMON) : <f64>load<T>(record + weightAt)
  return f64x2.replace_lane(f64x2.splat(min(weight, 0)), 0, max(weight, 0))
}

/** Notes an arrival at a candidate, if there is room. */
function log(n: u32, added: v128, x: f64, arrival: usize): void {
  const entry = logged++
  if (entry >= logRoom()) return
  const at = logAt() + ENTRY * <usize>entry
  const head = logHeads() + 4 * <usize>n
  v128.store(at, added)
  store<f64>(at, x, ENTRY_X)
  store<u32>(at, load<u32>(head), ENTRY_BEFORE)
  store<u32>(at, <u32>arrival, ENTRY_ARRIVAL)
  store<u32>(head, entry)
}

/**
 * Lists what arrives at a neuron in the bin, in the order of time; returns where the list ends.
 *
 * Arrivals at one instant come in the order of those of the bin, then those from Poisson inputs.
 */
export function listEvents(n: i32): usize {
  let end = eventsAt()
  let entry = load<u32>(logHeads() + 4 * <usize>n)
  while (entry != NO_ENTRY) {
    const from = logAt() + ENTRY * <usize>entry
    note(end, v128.load(from), load<f64>(from, ENTRY_X), POISSON_PLACE - 1 - entry)
    entry = load<u32>(from, ENTRY_BEFORE)
    end += EVENT
  }
  poissonInputEvents = POISSON_PLACE
  for (let number = 0; number < poissonInputCount(); number++)
    end = listPoissonArrivals(poissonInputsAt() + POISSON_INPUT * <usize>number, n, end)
  sortEvents(eventsAt(), end)
  return end
}

function listPoissonArrivals(poissonInput: usize, n: i32, end: usize): usize {
  const before = binEnd() - binStart()
  const inInterval = binOfInterval(poissonInput)
  const words = wordsOf(poissonInput, n)
  const stop = words + 4 * <usize>wordCountOf(poissonInput, n)
  const weight = weightPairOf(poissonInput, n)
  const signed = bySign(weight)
  for (let at = words; at < stop; at += 4) {
    const word = load<u32>(at)
    if (binOfWord(poissonInput, word) != inInterval) continue
    const x = timeInBin(poissonInput, word, bin())
    if (x >= before) continue
    note(end, isUnscaled() ? signed : poissonArrival(poissonInput, word, weight, isSheared()), x, poissonInputEvents++)
    end += EVENT
  }
  return end
}

/** The form of a weight that unscaled states take, from a pair of equal weights: excitatory and inhibitory part. */
function bySign(weight: v128): v128 {
  const zero = f64x2.splat(0)
  return v128.shuffle<i64>(f64x2.max(weight, zero), f64x2.min(weight, zero), 0, 3)
}

function note(event: usize, added: v128, x: f64, place: u32): void {
  v128.store(event, added)
  store<f64>(event, x, EVENT_X)
  store<u32>(event, place, EVENT_PLACE)
}

/** By Shell's method: a few events are the rule, and mostly in order. No two of them are equal. */
function sortEvents(from: usize, to: usize): void {
  const count = <i32>((to - from) / EVENT)
  let gap: i32 = 1
  while (3 * gap + 1 < count / 8) gap = 3 * gap + 1
  for (; gap > 0; gap /= 3) {
    const step = <usize>gap * EVENT
    for (let event = from + step; event < to; event += EVENT) {
      const x = load<f64>(event, EVENT_X)
      const place = load<u32>(event, EVENT_PLACE)
      if (!precedes(x, place, event - step)) continue
      const added = v128.load(event)
      let at = event
      while (at >= from + step && precedes(x, place, at - step)) {
        note(at, v128.load(at - step), load<f64>(at - step, EVENT_X), load<u32>(at - step, EVENT_PLACE))
        at -= step
      }
      note(at, added, x, place)
    }
  }
}

function precedes(x: f64, place: u32, event: usize): bool {
  const other = load<f64>(event, EVENT_X)
  return x < other || (x == other && place < load<u32>(event, EVENT_PLACE))
}
