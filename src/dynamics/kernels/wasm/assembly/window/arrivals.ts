import {
  arrivalCount,
  arrivalsAt,
  bin,
  binEnd,
  binStart,
  courseStep,
  isSheared,
  projectionsAt,
  scales,
} from '../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_ADDED,
  ARRIVAL_ADDED_INH,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_PROJECTION,
  ARRIVAL_ROW,
  ARRIVAL_TIME,
  ARRIVAL_X,
  OWN_WEIGHTS,
  PROJECTION,
  PROJECTION_COMMON,
  PROJECTION_DELAY,
  PROJECTION_EXCITES,
  PROJECTION_IS_DOUBLE,
  PROJECTION_RECORDS,
  PROJECTION_ROWS,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
  UNSCALED_SUMS,
} from '../schema/window-records'
import { arrivingSheared, growthsFromMiddle } from './growth'
import { courseOf, responseAfter } from './unscaled/propagator'

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
function unitAdded(x: f64, shears: bool): v128 {
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

/** Works out what every arrival of the bin adds, and where; returns to how many synapses it comes. */
export function prepareArrivals(): f64 {
  let synapses: f64 = 0
  const start = binStart()
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionOf(arrival)
    const stride = load<u32>(projection, PROJECTION_STRIDE)
    const row = <usize>load<u32>(projection, PROJECTION_ROWS) + 4 * <usize>load<u32>(arrival, ARRIVAL_ROW)
    const records = load<u32>(projection, PROJECTION_RECORDS)
    const stop = records + stride * load<u32>(row, 4)
    if (load<u32>(arrival, ARRIVAL_FIRST) == 0) store<u32>(arrival, records + stride * load<u32>(row), ARRIVAL_FIRST)
    const isShared = load<u32>(projection, PROJECTION_DELAY) == 0
    const isDouble = load<u32>(projection, PROJECTION_IS_DOUBLE) != 0
    let last = stop
    if (!isShared) last = isDouble ? endOfBin<f64>(arrival, projection, stop) : endOfBin<f32>(arrival, projection, stop)
    store<u32>(arrival, last, ARRIVAL_END)
    synapses += <f64>((last - load<u32>(arrival, ARRIVAL_FIRST)) / stride)
    if (!isShared) continue
    const x = load<f64>(arrival, ARRIVAL_TIME) - start
    store<f64>(arrival, x, ARRIVAL_X)
    const added = unitAdded(x, isSheared())
    const isOwn = load<u32>(projection, PROJECTION_WEIGHT) != 0
    const common = f64x2.splat(load<f64>(projection, PROJECTION_COMMON))
    v128.store(arrival, isOwn ? added : f64x2.mul(added, common), ARRIVAL_ADDED)
  }
  return synapses
}

/** The first record of a row in the order of delays that arrives after the bin. */
function endOfBin<T>(arrival: usize, projection: usize, stop: u32): u32 {
  const time = load<f64>(arrival, ARRIVAL_TIME)
  const delay = <usize>load<u32>(projection, PROJECTION_DELAY)
  const stride = load<u32>(projection, PROJECTION_STRIDE)
  const end = binEnd()
  let record = load<u32>(arrival, ARRIVAL_FIRST)
  while (record < stop && time + <f64>load<T>(<usize>record + delay) < end) record += stride
  return record
}

/** Adds all arrivals of one sign to the sums of their targets, in the order in which they are listed. */
export function scatterArrivals(sums: usize, excites: i32): void {
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionOf(arrival)
    const sign = load<i32>(projection, PROJECTION_EXCITES)
    if (sign != excites && sign != OWN_WEIGHTS) continue
    if (load<u32>(projection, PROJECTION_STRIDE) == SHORT_RECORD) scatter(arrival, sums)
    else if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) scatterRecords<f64>(arrival, projection, sums, excites)
    else scatterRecords<f32>(arrival, projection, sums, excites)
  }
}

function scatter(arrival: usize, sums: usize): void {
  const added = v128.load(arrival, ARRIVAL_ADDED)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  let at = <usize>load<u32>(arrival, ARRIVAL_FIRST)
  for (; at + 8 <= end; at += 8) {
    const four = load<u64>(at)
    const a = sums + ((<usize>four & 0xffff) << 4)
    v128.store(a, f64x2.add(v128.load(a), added))
    const b = sums + ((<usize>(four >> 16) & 0xffff) << 4)
    v128.store(b, f64x2.add(v128.load(b), added))
    const c = sums + ((<usize>(four >> 32) & 0xffff) << 4)
    v128.store(c, f64x2.add(v128.load(c), added))
    const d = sums + ((<usize>(four >> 48)) << 4)
    v128.store(d, f64x2.add(v128.load(d), added))
  }
  for (; at < end; at += 2) {
    const a = sums + ((<usize>load<u16>(at)) << 4)
    v128.store(a, f64x2.add(v128.load(a), added))
  }
}

/** Signs are random, so no branch: a weight of the other sign adds 0, which no sum shows, since none is -0. */
function scatterRecords<T>(arrival: usize, projection: usize, sums: usize, excites: i32): void {
  const inhibits = i64x2.splat(excites - 1)
  const hasOwnWeights = load<u32>(projection, PROJECTION_WEIGHT) != 0
  if (load<u32>(projection, PROJECTION_DELAY) != 0) scatterDelayed<T>(arrival, projection, sums, inhibits)
  else if (hasOwnWeights) scatterWeighted<T>(arrival, projection, sums, inhibits)
  else scatterAlike(arrival, projection, sums)
}

/** Synapses share weight and delay. */
function scatterAlike(arrival: usize, projection: usize, sums: usize): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  const added = v128.load(arrival, ARRIVAL_ADDED)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < end; record += stride) {
    const sum = sums + ((<usize>load<u32>(record, RECORD_TARGET)) << 4)
    v128.store(sum, f64x2.add(v128.load(sum), added))
  }
}

/** They share a delay. */
function scatterWeighted<T>(arrival: usize, projection: usize, sums: usize, inhibits: v128): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  const one = v128.load(arrival, ARRIVAL_ADDED)
  const zero = f64x2.splat(0)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < end; record += stride) {
    const sum = sums + ((<usize>load<u32>(record, RECORD_TARGET)) << 4)
    const weight = f64x2.splat(<f64>load<T>(record + weightAt))
    const counted = v128.and(weight, v128.xor(f64x2.ge(weight, zero), inhibits))
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(one, counted)))
  }
}

function scatterDelayed<T>(arrival: usize, projection: usize, sums: usize, inhibits: v128): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const weightAt = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const delayAt = <usize>load<u32>(projection, PROJECTION_DELAY)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  const time = load<f64>(arrival, ARRIVAL_TIME)
  const start = binStart()
  const shears = isSheared()
  const common = f64x2.splat(load<f64>(projection, PROJECTION_COMMON))
  const zero = f64x2.splat(0)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < end; record += stride) {
    const sum = sums + ((<usize>load<u32>(record, RECORD_TARGET)) << 4)
    const one = inline.always(unitAdded(time + <f64>load<T>(record + delayAt) - start, shears))
    let counted = common
    if (weightAt != 0) {
      const weight = f64x2.splat(<f64>load<T>(record + weightAt))
      counted = v128.and(weight, v128.xor(f64x2.ge(weight, zero), inhibits))
    }
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(one, counted)))
  }
}

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
    if (isShort && courseStep() == 0) scatterUnscaledShort(arrival, projection, sums)
    else if (load<u32>(projection, PROJECTION_IS_DOUBLE) != 0) scatterUnscaled<f64>(arrival, projection, sums)
    else scatterUnscaled<f32>(arrival, projection, sums)
  }
}

function scatterUnscaledShort(arrival: usize, projection: usize, sums: usize): void {
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

function scatterUnscaled<T>(arrival: usize, projection: usize, sums: usize): void {
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

/** The neuron that a record leads to. */
export function targetOf(record: usize, stride: usize): i32 {
  return stride == SHORT_RECORD ? <i32>load<u16>(record) : <i32>load<u32>(record, RECORD_TARGET)
}

/** Where what a weight drives stands, among sums and responses. */
function placeOf(weight: f64): usize {
  return (<usize>(weight < 0)) << 4
}
