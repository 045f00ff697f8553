import { arrivalCount, arrivalsAt, binEnd, binStart, isSheared } from '../schema/window-header'
import {
  ARRIVAL,
  ARRIVAL_ADDED,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_ROW,
  ARRIVAL_TIME,
  ARRIVAL_X,
  OWN_WEIGHTS,
  PROJECTION_COMMON,
  PROJECTION_DELAY,
  PROJECTION_EXCITES,
  PROJECTION_IS_DOUBLE,
  PROJECTION_RECORDS,
  PROJECTION_ROWS,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
} from '../schema/window-records'
import { projectionOf, RECORD_TARGET, unitAdded } from './records'

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
