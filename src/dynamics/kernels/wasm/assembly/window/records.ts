import { binStart, isSheared, projectionsAt, scales } from '../schema/window-header'
import {
  ARRIVAL_ADDED,
  ARRIVAL_PROJECTION,
  ARRIVAL_TIME,
  ARRIVAL_X,
  PROJECTION,
  PROJECTION_COMMON,
  PROJECTION_DELAY,
  PROJECTION_WEIGHT,
} from '../schema/window-records'
import { growthsFromMiddle } from './growth'
import { arrivingSheared } from './shear'

/** Place of the target in a record that is more than a short one. */
export const RECORD_TARGET: usize = 0

/** The projection that an arrival comes through. */
export function projectionOf(arrival: usize): usize {
  return projectionsAt() + PROJECTION * <usize>load<u32>(arrival, ARRIVAL_PROJECTION)
}

/** When a record's arrival comes, since the start of the bin; its numbers are of type T. */
export function recordX<T>(arrival: usize, projection: usize, record: usize): f64 {
  const delay = <usize>load<u32>(projection, PROJECTION_DELAY)
  if (delay == 0) return load<f64>(arrival, ARRIVAL_X)
  return load<f64>(arrival, ARRIVAL_TIME) + <f64>load<T>(record + delay) - binStart()
}

/**
 * What a weight of 1 adds to the sums that arrives at x.
 *
 * @param shears see `isSheared`
 */
export function unitAdded(x: f64, shears: bool): v128 {
  const added = f64x2.mul(growthsFromMiddle(x), scales())
  return shears ? arrivingSheared(added, x) : added
}

/** What a record's arrival adds to the sums. */
export function recordAdded<T>(arrival: usize, projection: usize, record: usize): v128 {
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const isShared = load<u32>(projection, PROJECTION_DELAY) == 0
  if (isShared && weightAt == 0) return v128.load(arrival, ARRIVAL_ADDED)
  const weight = weightAt == 0 ? load<f64>(projection, PROJECTION_COMMON) : <f64>load<T>(record + weightAt)
  const added = isShared
    ? v128.load(arrival, ARRIVAL_ADDED)
    : unitAdded(recordX<T>(arrival, projection, record), isSheared())
  return f64x2.mul(added, f64x2.splat(weight))
}
