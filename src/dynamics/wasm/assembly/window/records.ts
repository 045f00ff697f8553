import { cellStart, projectionsAt } from '../schema/window-plan'
import {
  ARRIVAL_ADDED,
  ARRIVAL_PROJECTION,
  ARRIVAL_TIME,
  ARRIVAL_X,
  PROJECTION,
  PROJECTION_DELAY,
  PROJECTION_SCALE,
  PROJECTION_WEIGHT,
} from '../schema/window-records'
import { growthsFromMiddle } from './growth'
import { toIntegers } from './whole-numbers'

/** Place of the target in a record that is more than a short one. */
export const RECORD_TARGET: usize = 0

/** The projection that an arrival comes through. */
export function projectionOf(arrival: usize): usize {
  return projectionsAt() + PROJECTION * <usize>load<u32>(arrival, ARRIVAL_PROJECTION)
}

/** When a record's arrival comes, since the start of the cell. */
export function recordX(arrival: usize, projection: usize, record: usize): f64 {
  const delay = <usize>load<u32>(projection, PROJECTION_DELAY)
  if (delay == 0) return load<f64>(arrival, ARRIVAL_X)
  return load<f64>(arrival, ARRIVAL_TIME) + <f64>load<f32>(record + delay) - cellStart()
}

/** What it adds to the sums: a pair of i64. */
export function recordAdded(arrival: usize, projection: usize, record: usize): v128 {
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const weight = weightAt == 0 ? 1 : <f64>load<f32>(record + weightAt)
  if (load<u32>(projection, PROJECTION_DELAY) == 0) {
    const added = v128.load(arrival, ARRIVAL_ADDED)
    return weightAt == 0 ? added : toIntegers(f64x2.mul(added, f64x2.splat(weight)))
  }
  const scale = f64x2.mul(v128.load(projection, PROJECTION_SCALE), f64x2.splat(weight))
  return toIntegers(f64x2.mul(growthsFromMiddle(recordX(arrival, projection, record)), scale))
}
