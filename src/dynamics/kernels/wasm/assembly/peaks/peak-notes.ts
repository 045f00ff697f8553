import { height, look } from '../equations/course'
import { extremumAfter, heightAfter } from '../equations/extremum'
import { maximumOfTwo } from '../equations/two-currents-maximum'
import { lane, setLane } from '../lanes/lanes'
import { PEAK_INSIDE } from '../schema/constants'
import { laneGroups, peaks } from '../schema/header'
import { BEST } from '../schema/lanes'
import { PEAK, PEAK_ARRIVAL, PEAK_INSTANT, PEAK_KIND, PEAK_SLOPE, PEAK_TIME, PEAK_VALUE } from '../schema/records'

export function peakOf(laneGroup: i32, trial: i32, n: i32): usize {
  return peaks() + PEAK * (8 * (<usize>trial * <usize>laneGroups() + <usize>laneGroup) + <usize>n)
}

/** Considers the one extremum of the course from U and I on, if it is within d. */
export function considerInside(
  laneGroup: i32,
  trial: i32,
  n: i32,
  instant: usize,
  start: f64,
  u: f64,
  i: f64,
  d: f64,
): bool {
  const t = extremumAfter(u, i)
  if (!(t >= 0 && t < d)) return false
  return consider(laneGroup, trial, n, heightAfter(u, i, t), start + t, PEAK_INSIDE, instant, 0)
}

/** The maximum inside an interval of d ms. */
export function considerCourse(
  laneGroup: i32,
  trial: i32,
  n: i32,
  instant: usize,
  start: f64,
  u: f64,
  i: f64,
  j: f64,
  d: f64,
): bool {
  if (j == 0) return i > u && considerInside(laneGroup, trial, n, instant, start, u, i, d)
  const t = maximumOfTwo(u, i, j, d)
  if (!(t >= 0 && t < d)) return false
  look(t)
  return consider(laneGroup, trial, n, height, start + t, PEAK_INSIDE, instant, 0)
}

/** Of a peak on an arrival: which. */
export function noteArrival(laneGroup: i32, trial: i32, n: i32, arrival: usize): void {
  store<u32>(peakOf(laneGroup, trial, n), <u32>arrival, PEAK_ARRIVAL)
}

/** Notes a peak if it is higher than any before; of one inside an interval the instant is the one that begins it. */
export function consider(
  laneGroup: i32,
  trial: i32,
  n: i32,
  u: f64,
  time: f64,
  kind: i32,
  instant: usize,
  slope: f64,
): bool {
  if (!(u > lane(BEST, n))) return false
  setLane(BEST, n, u)
  const peak = peakOf(laneGroup, trial, n)
  store<f64>(peak, u, PEAK_VALUE)
  store<f64>(peak, time, PEAK_TIME)
  store<f64>(peak, slope, PEAK_SLOPE)
  store<i32>(peak, kind, PEAK_KIND)
  store<u32>(peak, <u32>instant, PEAK_INSTANT)
  return true
}
