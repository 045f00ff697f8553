import { topGradients, topPeaks, undoneAt } from '../schema/adjoint-header'
import { UNDONE, UNDONE_PROJECTION, UNDONE_ROW, UNDONE_TIME } from '../schema/adjoint-records'
import { PEAK_ON_ARRIVAL } from '../schema/constants'
import { isUnscaled, perTaus } from '../schema/window-header'
import {
  COURSE_PER_MEM,
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
import { POISSON_INPUTS } from './instant-order'
import { courseOf } from './unscaled/courses'

/** What an arrival has to do with the maximum of a neuron that sits on an arrival at the very same time; at other times 0. */
export function eventAtTop(n: i32, time: f64, undone: usize, record: usize, weight: f64): f64 {
  if (!isAtTop(n, time)) return 0
  const projection = load<u32>(undone, UNDONE_PROJECTION)
  const row = load<u32>(undone, UNDONE_ROW)
  const sent = load<f64>(undone, UNDONE_TIME)
  return eventOf(n, compare(peakOf(n), projection, row, sent, copyOf(undone), <u32>record), weight)
}

/** The same of an arrival that a Poisson input brings: the address of its word. */
export function eventOfPoissonInput(n: i32, time: f64, poissonInput: u32, word: usize, weight: f64): f64 {
  return isAtTop(n, time)
    ? eventOf(n, compare(peakOf(n), POISSON_INPUTS + poissonInput, 0, 0, 0, <u32>word), weight)
    : 0
}

/** As the forward pass counts them; arrivals that are alike are undone in one part of a bin. */
function copyOf(undone: usize): u32 {
  let copy = 0
  for (let at = undone - UNDONE; at >= undoneAt() && isAlike(at, undone); at -= UNDONE) copy++
  return copy
}

function isAlike(a: usize, b: usize): bool {
  const isOfRow = load<u32>(a, UNDONE_ROW) == load<u32>(b, UNDONE_ROW)
  const isThrough = load<u32>(a, UNDONE_PROJECTION) == load<u32>(b, UNDONE_PROJECTION)
  return isOfRow && isThrough && load<f64>(a, UNDONE_TIME) == load<f64>(b, UNDONE_TIME)
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
  const q = load<f64>(topGradients() + 8 * <usize>n)
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
