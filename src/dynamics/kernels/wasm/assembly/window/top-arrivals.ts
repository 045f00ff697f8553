import { maximumGradients, topPeaks, undoneAt } from '../schema/adjoint-header'
import { UNDONE, UNDONE_PROJECTION, UNDONE_ROW, UNDONE_TIME } from '../schema/adjoint-records'
import { PEAK_ON_ARRIVAL } from '../schema/constants'
import {
  arrivalsAt,
  bin,
  binEnd,
  binStart,
  isUnscaled,
  logAt,
  perTaus,
  poissonInputCount,
  poissonInputsAt,
} from '../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_PROJECTION,
  ARRIVAL_ROW,
  ARRIVAL_TIME,
  COURSE_PER_MEM,
  ENTRY,
  ENTRY_ARRIVAL,
  EVENT,
  EVENT_PLACE,
  EVENT_X,
  POISSON_INPUT,
  PROJECTION_IS_DOUBLE,
  PROJECTION_STRIDE,
  SHORT_RECORD,
  WINDOW_PEAK,
  WINDOW_PEAK_COPY,
  WINDOW_PEAK_KIND,
  WINDOW_PEAK_PROJECTION,
  WINDOW_PEAK_RECORD,
  WINDOW_PEAK_ROW,
  WINDOW_PEAK_SENT,
  WINDOW_PEAK_SLOPE,
  WINDOW_PEAK_TIME,
} from '../schema/window-records'
import { projectionOf, RECORD_TARGET, recordX } from './arrivals'
import { POISSON_PLACE } from './events'
import { binOfInterval, binOfWord, timeInBin, wordCountOf, wordsOf } from './poisson-input'
import { courseOf } from './unscaled/propagator'

/** In place of a projection: the first Poisson input. What Poisson inputs bring to an instant comes behind all else. */
const POISSON_INPUTS: u32 = 0x80000000

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
  store<u32>(peak, copyOf(arrival, arrivalsAt(), ARRIVAL, ARRIVAL_PROJECTION, ARRIVAL_ROW), WINDOW_PEAK_COPY)
  store<u32>(peak, recordOf(arrival, n, load<f64>(event, EVENT_X), before), WINDOW_PEAK_RECORD)
}

/**
 * How many arrivals of the same row and spike time come before one in a bin, whose records, from `first` on, begin with that time;
 * those that are alike lie side by side, on the way back, too.
 *
 * @param projection where a record has its projection; row: and the row
 */
function copyOf(arrival: usize, first: usize, size: usize, projection: usize, row: usize): u32 {
  let copy = 0
  for (let at = arrival - size; at >= first; at -= size, copy++) {
    if (load<u32>(at + row) != load<u32>(arrival + row)) break
    if (load<u32>(at + projection) != load<u32>(arrival + projection)) break
    if (load<f64>(at) != load<f64>(arrival)) break
  }
  return copy
}

/** Of the records that bring an arrival to a neuron at x the one behind `before` others. */
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

/** What an arrival has to do with the maximum of a neuron that sits on an arrival at the very same time; at other times 0. */
export function eventAtTop(n: i32, time: f64, undone: usize, record: usize, weight: f64): f64 {
  if (!isAtTop(n, time)) return 0
  const projection = load<u32>(undone, UNDONE_PROJECTION)
  const row = load<u32>(undone, UNDONE_ROW)
  const sent = load<f64>(undone, UNDONE_TIME)
  const copy = copyOf(undone, undoneAt(), UNDONE, UNDONE_PROJECTION, UNDONE_ROW)
  return eventOf(n, compare(peakOf(n), projection, row, sent, copy, <u32>record), weight)
}

/** The same of an arrival that a Poisson input brings: the address of its word. */
export function eventOfPoissonInput(n: i32, time: f64, poissonInput: u32, word: usize, weight: f64): f64 {
  return isAtTop(n, time)
    ? eventOf(n, compare(peakOf(n), POISSON_INPUTS + poissonInput, 0, 0, 0, <u32>word), weight)
    : 0
}

function peakOf(n: i32): usize {
  return topPeaks() + WINDOW_PEAK * <usize>n
}

function isAtTop(n: i32, time: f64): bool {
  return load<i32>(peakOf(n), WINDOW_PEAK_KIND) == PEAK_ON_ARRIVAL && load<f64>(peakOf(n), WINDOW_PEAK_TIME) == time
}

/**
 * The arrival that the maximum sits on moves it by its slope; those before it act on the voltage at once, -q w / tauMem;
 * those after it do not.
 *
 * @param order see `compare`
 */
function eventOf(n: i32, order: i32, weight: f64): f64 {
  if (order > 0) return 0
  const q = load<f64>(maximumGradients() + 8 * <usize>n)
  if (order == 0) return q * load<f64>(peakOf(n), WINDOW_PEAK_SLOPE)
  return -weight * (q * perMemOf(n))
}

/** 1/tauMem */
function perMemOf(n: i32): f64 {
  return isUnscaled() ? load<f64>(courseOf(n), COURSE_PER_MEM) : f64x2.extract_lane(perTaus(), 1)
}

/** Below 0 if an arrival comes before the one that the maximum sits on. */
function compare(peak: usize, projection: u32, row: u32, sent: f64, copy: u32, record: u32): i32 {
  const p = load<u32>(peak, WINDOW_PEAK_PROJECTION)
  if (projection != p) return projection < p ? -1 : 1
  const r = load<u32>(peak, WINDOW_PEAK_ROW)
  if (row != r) return row < r ? -1 : 1
  const s = load<f64>(peak, WINDOW_PEAK_SENT)
  if (sent != s) return sent < s ? -1 : 1
  const c = load<u32>(peak, WINDOW_PEAK_COPY)
  if (copy != c) return copy < c ? -1 : 1
  const own = load<u32>(peak, WINDOW_PEAK_RECORD)
  return record == own ? 0 : record < own ? -1 : 1
}
