import { arrivalsAt, bin, binEnd, binStart, logAt, poissonInputCount, poissonInputsAt } from '../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_PROJECTION,
  ARRIVAL_ROW,
  ARRIVAL_TIME,
  ENTRY,
  ENTRY_ARRIVAL,
  EVENT,
  EVENT_PLACE,
  EVENT_X,
  POISSON_INPUT,
  PROJECTION_IS_DOUBLE,
  PROJECTION_STRIDE,
  SHORT_RECORD,
  WINDOW_PEAK_COPY,
  WINDOW_PEAK_PROJECTION,
  WINDOW_PEAK_RECORD,
  WINDOW_PEAK_ROW,
  WINDOW_PEAK_SENT,
} from '../schema/window-records'
import { POISSON_PLACE } from './events'
import { binOfInterval, binOfWord, timeInBin, wordCountOf, wordsOf } from './poisson-input'
import { projectionOf, RECORD_TARGET, recordX } from './records'

/** In place of a projection: the first Poisson input. What Poisson inputs bring to an instant comes behind all else. */
export const POISSON_INPUTS: u32 = 0x80000000

/**
 * Brings the arrivals of a neuron at one instant into the order in which they count: by projection, source unit, number of
 * the spike, number of the synapse.
 */
export function orderInstant(first: usize, end: usize): void {
  for (let event = first + EVENT; event < end; event += EVENT)
    for (let at = event; at > first && precedes(at, at - EVENT); at -= EVENT) swap(at, at - EVENT)
}

function swap(a: usize, b: usize): void {
  const added = v128.load(a)
  const place = load<u32>(a, EVENT_PLACE)
  v128.store(a, v128.load(b))
  store<u32>(a, load<u32>(b, EVENT_PLACE), EVENT_PLACE)
  v128.store(b, added)
  store<u32>(b, place, EVENT_PLACE)
}

/** Poisson inputs keep their order. */
function precedes(event: usize, other: usize): bool {
  const place = load<u32>(event, EVENT_PLACE)
  const before = load<u32>(other, EVENT_PLACE)
  if (place >= POISSON_PLACE || before >= POISSON_PLACE) return place < before
  const a = arrivalOf(place)
  const b = arrivalOf(before)
  // The log has records of a row in their order, and the last entry comes first.
  if (a == b) return place > before
  const p = load<u32>(a, ARRIVAL_PROJECTION)
  const q = load<u32>(b, ARRIVAL_PROJECTION)
  if (p != q) return p < q
  const row = load<u32>(a, ARRIVAL_ROW)
  const otherRow = load<u32>(b, ARRIVAL_ROW)
  if (row != otherRow) return row < otherRow
  const sent = load<f64>(a, ARRIVAL_TIME)
  const otherSent = load<f64>(b, ARRIVAL_TIME)
  return sent < otherSent || (sent == otherSent && a < b)
}

function arrivalOf(place: u32): usize {
  return <usize>load<u32>(logAt() + ENTRY * <usize>(POISSON_PLACE - 1 - place), ENTRY_ARRIVAL)
}

/** Notes which arrival the maximum of a neuron sits on; `first` is the first one at that instant, in their order. */
export function noteArrivalOf(n: i32, event: usize, first: usize, peak: usize): void {
  const place = load<u32>(event, EVENT_PLACE)
  if (place >= POISSON_PLACE) {
    notePoissonArrival(n, place - POISSON_PLACE, peak)
    return
  }
  const arrival = arrivalOf(place)
  // Of several records of the row that bring it to the neuron at this instant.
  let before = 0
  for (let at = first; at < event; at += EVENT) {
    const other = load<u32>(at, EVENT_PLACE)
    if (other < POISSON_PLACE && arrivalOf(other) == arrival) before++
  }
  store<u32>(peak, load<u32>(arrival, ARRIVAL_PROJECTION), WINDOW_PEAK_PROJECTION)
  store<u32>(peak, load<u32>(arrival, ARRIVAL_ROW), WINDOW_PEAK_ROW)
  store<f64>(peak, load<f64>(arrival, ARRIVAL_TIME), WINDOW_PEAK_SENT)
  store<u32>(peak, copyOf(arrival), WINDOW_PEAK_COPY)
  store<u32>(peak, recordOf(arrival, n, load<f64>(event, EVENT_X), before), WINDOW_PEAK_RECORD)
}

/** How many arrivals of the same row and spike time come before it in the bin. */
function copyOf(arrival: usize): u32 {
  let copy = 0
  for (let at = arrival - ARRIVAL; at >= arrivalsAt() && isAlike(at, arrival); at -= ARRIVAL) copy++
  return copy
}

function isAlike(a: usize, b: usize): bool {
  const isOfRow = load<u32>(a, ARRIVAL_ROW) == load<u32>(b, ARRIVAL_ROW)
  const isThrough = load<u32>(a, ARRIVAL_PROJECTION) == load<u32>(b, ARRIVAL_PROJECTION)
  return isOfRow && isThrough && load<f64>(a, ARRIVAL_TIME) == load<f64>(b, ARRIVAL_TIME)
}

/** Of the records that bring an arrival to a neuron at x the one behind so many. */
function recordOf(arrival: usize, n: i32, x: f64, before: i32): u32 {
  const projection = projectionOf(arrival)
  if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) return findRecord<f64>(arrival, projection, n, x, before)
  return findRecord<f32>(arrival, projection, n, x, before)
}

function findRecord<T>(arrival: usize, projection: usize, n: i32, x: f64, before: i32): u32 {
  const stride = load<u32>(projection, PROJECTION_STRIDE)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  let left = before
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < end; record += stride) {
    const target = stride == SHORT_RECORD ? <i32>load<u16>(record) : load<i32>(record, RECORD_TARGET)
    if (target == n && recordX<T>(arrival, projection, record) == x && left-- == 0) return <u32>record
  }
  return 0
}

/** The same of what a Poisson input brings: its number, and the address of the word. */
function notePoissonArrival(n: i32, number: u32, peak: usize): void {
  let left = number
  for (let d = 0; d < poissonInputCount(); d++) {
    const poissonInput = poissonInputsAt() + POISSON_INPUT * <usize>d
    const first = wordsOf(poissonInput, n)
    const end = first + 4 * <usize>wordCountOf(poissonInput, n)
    for (let word = first; word < end; word += 4) {
      if (!isInBin(poissonInput, load<u32>(word)) || left-- != 0) continue
      store<u32>(peak, POISSON_INPUTS + <u32>d, WINDOW_PEAK_PROJECTION)
      store<u32>(peak, 0, WINDOW_PEAK_ROW)
      store<f64>(peak, 0, WINDOW_PEAK_SENT)
      store<u32>(peak, 0, WINDOW_PEAK_COPY)
      store<u32>(peak, <u32>word, WINDOW_PEAK_RECORD)
      return
    }
  }
}

/** As `listEvents` lists them. */
function isInBin(poissonInput: usize, word: u32): bool {
  return (
    binOfWord(poissonInput, word) == binOfInterval(poissonInput) &&
    timeInBin(poissonInput, word, bin()) < binEnd() - binStart()
  )
}
