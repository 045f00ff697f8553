import { nextUp } from '../numerics/next-up'
import { PEAK_INSIDE } from '../schema/constants'
import { firedCounts, peaks, tops } from '../schema/window-header'
import {
  WINDOW_PEAK,
  WINDOW_PEAK_KIND,
  WINDOW_PEAK_RISES,
  WINDOW_PEAK_SLOPE,
  WINDOW_PEAK_TIME,
} from '../schema/window-records'
import { noteArrivalOf } from './instant-order'

// The neuron at work: the maximum of its voltage so far, and where it sits.
let neuron: i32 = 0
let best: f64 = 0
let peak: usize = 0

/** Takes up a neuron; false if it has fired: then its maximum is not needed. */
export function takeUpTop(n: i32): bool {
  const top = tops() + 8 * <usize>n
  neuron = n
  peak = peaks() + WINDOW_PEAK * <usize>n
  best = load<f64>(top)
  if (load<i32>(firedCounts() + 4 * <usize>n) == 0) return true
  store<f64>(top, Infinity)
  return false
}

/** Whether its voltage rose where the last bin that was looked at ended. */
export function hasRisen(): bool {
  return load<i32>(peak, WINDOW_PEAK_RISES) != 0
}

/** Notes a maximum if it is higher than any before: of equal ones the earliest counts. */
export function considerTop(height: f64, time: f64, kind: i32, slope: f64): bool {
  if (!(height > best)) return false
  best = height
  store<f64>(peak, time, WINDOW_PEAK_TIME)
  store<f64>(peak, slope, WINDOW_PEAK_SLOPE)
  store<i32>(peak, kind, WINDOW_PEAK_KIND)
  return true
}

/** A maximum between two arrivals, t ms after an instant: what arrives there comes before it. */
export function considerInside(height: f64, from: f64, t: f64): void {
  considerTop(height, max(from + t, nextUp(from)), PEAK_INSIDE, 0)
}

/** Which arrival it sits on; `first` is the first one at that instant, in their order. */
export function noteTopArrival(event: usize, first: usize): void {
  noteArrivalOf(neuron, event, first, peak)
}

/** @param rises whether the voltage does at the end of the bin */
export function putDownTop(rises: bool): void {
  store<i32>(peak, i32(rises), WINDOW_PEAK_RISES)
  store<f64>(tops() + 8 * <usize>neuron, best)
}
