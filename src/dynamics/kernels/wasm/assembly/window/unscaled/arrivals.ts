import { arrivalCount, arrivalsAt, bin, courseStep, walkFlags } from '../../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_ADDED,
  ARRIVAL_ADDED_INH,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_X,
  PROJECTION_COMMON,
  PROJECTION_DELAY,
  PROJECTION_IS_DOUBLE,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
  UNSCALED_SUMS,
} from '../../schema/window-records'
import { note } from '../candidates'
import { projectionOf, RECORD_TARGET, recordX } from '../records'
import { courseOf } from './courses'
import { responseAfter } from './propagator'

/** Works out what an arrival of weight 1 comes to at the end of the bin, where that is the same for all synapses of a row. */
export function prepareResponses(): void {
  if (courseStep() != 0) return
  const course = courseOf(0)
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    if (load<u32>(projectionOf(arrival), PROJECTION_DELAY) != 0) continue
    const d = bin() - load<f64>(arrival, ARRIVAL_X)
    v128.store(arrival, responseAfter(course, d, 0), ARRIVAL_ADDED)
    v128.store(arrival, responseAfter(course, d, 1), ARRIVAL_ADDED_INH)
  }
}

/** Adds what all arrivals come to at the end of the bin to the sums of their targets, in the order in which they are listed. */
export function scatterResponses(sums: usize): void {
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionOf(arrival)
    const isShort = load<u32>(projection, PROJECTION_STRIDE) == SHORT_RECORD
    if (isShort && courseStep() == 0) scatterShort(arrival, projection, sums)
    else if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) scatterRecords<f64>(arrival, projection, sums)
    else scatterRecords<f32>(arrival, projection, sums)
  }
}

function scatterShort(arrival: usize, projection: usize, sums: usize): void {
  const weight = load<f64>(projection, PROJECTION_COMMON)
  const sign = placeOf(weight)
  const added = f64x2.mul(v128.load(arrival + sign, ARRIVAL_ADDED), f64x2.splat(weight))
  const own = sums + sign
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  for (let at = <usize>load<u32>(arrival, ARRIVAL_FIRST); at < end; at += 2) {
    const sum = own + UNSCALED_SUMS * <usize>load<u16>(at)
    v128.store(sum, f64x2.add(v128.load(sum), added))
  }
}

function scatterRecords<T>(arrival: usize, projection: usize, sums: usize): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const delayAt = <usize>load<u32>(projection, PROJECTION_DELAY)
  const isShared = delayAt == 0 && courseStep() == 0
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  let weight = load<f64>(projection, PROJECTION_COMMON)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < end; record += stride) {
    if (weightAt != 0) weight = <f64>load<T>(record + weightAt)
    const n = targetOf(record, stride)
    const sign = placeOf(weight)
    const sum = sums + UNSCALED_SUMS * <usize>n + sign
    const response = isShared
      ? v128.load(arrival + sign, ARRIVAL_ADDED)
      : responseAfter(courseOf(n), bin() - recordX<T>(arrival, projection, record), <i32>(weight < 0))
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(response, f64x2.splat(weight))))
  }
}

/** Notes the weights that arrive at candidates, the last one first: each to one of the two currents. */
export function logWeights(): void {
  for (let after = arrivalsAt() + ARRIVAL * <usize>arrivalCount(); after > arrivalsAt(); after -= ARRIVAL) {
    const arrival = after - ARRIVAL
    const projection = projectionOf(arrival)
    if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) logRecords<f64>(arrival, projection)
    else logRecords<f32>(arrival, projection)
  }
}

function logRecords<T>(arrival: usize, projection: usize): void {
  const flags = walkFlags()
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const stop = <usize>load<u32>(arrival, ARRIVAL_END)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < stop; record += stride) {
    const n = targetOf(record, stride)
    if (!load<u8>(flags + n)) continue
    const weight = weightAt == 0 ? load<f64>(projection, PROJECTION_COMMON) : <f64>load<T>(record + weightAt)
    const added = f64x2.replace_lane(f64x2.splat(min(weight, 0)), 0, max(weight, 0))
    note(n, added, recordX<T>(arrival, projection, record), arrival)
  }
}

function targetOf(record: usize, stride: usize): i32 {
  return stride == SHORT_RECORD ? <i32>load<u16>(record) : <i32>load<u32>(record, RECORD_TARGET)
}

/** Where what a weight drives stands, among sums and responses. */
function placeOf(weight: f64): usize {
  return (<usize>(weight < 0)) << 4
}
