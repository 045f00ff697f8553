import { arrivalCount, arrivalsAt, cellEnd, cellStart } from '../schema/window-plan'
import {
  ARRIVAL,
  ARRIVAL_ADDED,
  ARRIVAL_END,
  ARRIVAL_FIRST,
  ARRIVAL_ROW,
  ARRIVAL_TIME,
  ARRIVAL_X,
  OWN_WEIGHTS,
  PROJECTION_DELAY,
  PROJECTION_EXCITES,
  PROJECTION_RECORDS,
  PROJECTION_ROWS,
  PROJECTION_SCALE,
  PROJECTION_STRIDE,
  PROJECTION_WEIGHT,
  SHORT_RECORD,
} from '../schema/window-records'
import { growthsFromMiddle } from './growth'
import { projectionOf, RECORD_TARGET, recordAdded } from './records'
import { toIntegers } from './whole-numbers'

/** Works out what every arrival of the cell adds, and where. */
export function prepareArrivals(): void {
  const start = cellStart()
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionOf(arrival)
    const stride = load<u32>(projection, PROJECTION_STRIDE)
    const row = <usize>load<u32>(projection, PROJECTION_ROWS) + 4 * <usize>load<u32>(arrival, ARRIVAL_ROW)
    const records = load<u32>(projection, PROJECTION_RECORDS)
    const stop = records + stride * load<u32>(row, 4)
    if (load<u32>(arrival, ARRIVAL_FIRST) == 0) store<u32>(arrival, records + stride * load<u32>(row), ARRIVAL_FIRST)
    if (load<u32>(projection, PROJECTION_DELAY) != 0) {
      store<u32>(arrival, endOfCell(arrival, projection, stop), ARRIVAL_END)
      continue
    }
    store<u32>(arrival, stop, ARRIVAL_END)
    const x = load<f64>(arrival, ARRIVAL_TIME) - start
    store<f64>(arrival, x, ARRIVAL_X)
    const added = f64x2.mul(growthsFromMiddle(x), v128.load(projection, PROJECTION_SCALE))
    const isOwn = load<u32>(projection, PROJECTION_WEIGHT) != 0
    v128.store(arrival, isOwn ? added : toIntegers(added), ARRIVAL_ADDED)
  }
}

/** The first record of a row in the order of delays that arrives after the cell. */
function endOfCell(arrival: usize, projection: usize, stop: u32): u32 {
  const time = load<f64>(arrival, ARRIVAL_TIME)
  const delay = <usize>load<u32>(projection, PROJECTION_DELAY)
  const stride = load<u32>(projection, PROJECTION_STRIDE)
  const end = cellEnd()
  let record = load<u32>(arrival, ARRIVAL_FIRST)
  while (record < stop && time + <f64>load<f32>(<usize>record + delay) < end) record += stride
  return record
}

/** Adds all arrivals of one sign to the sums of their targets. */
export function scatterArrivals(sums: usize, excites: i32): void {
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionOf(arrival)
    const sign = load<i32>(projection, PROJECTION_EXCITES)
    if (sign != excites && sign != OWN_WEIGHTS) continue
    if (load<u32>(projection, PROJECTION_STRIDE) == SHORT_RECORD) scatter(arrival, sums)
    else scatterRecords(arrival, projection, sums, excites)
  }
}

function scatter(arrival: usize, sums: usize): void {
  const added = v128.load(arrival, ARRIVAL_ADDED)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  let at = <usize>load<u32>(arrival, ARRIVAL_FIRST)
  for (; at + 8 <= end; at += 8) {
    const four = load<u64>(at)
    const a = sums + ((<usize>four & 0xffff) << 4)
    v128.store(a, i64x2.add(v128.load(a), added))
    const b = sums + ((<usize>(four >> 16) & 0xffff) << 4)
    v128.store(b, i64x2.add(v128.load(b), added))
    const c = sums + ((<usize>(four >> 32) & 0xffff) << 4)
    v128.store(c, i64x2.add(v128.load(c), added))
    const d = sums + ((<usize>(four >> 48)) << 4)
    v128.store(d, i64x2.add(v128.load(d), added))
  }
  for (; at < end; at += 2) {
    const a = sums + ((<usize>load<u16>(at)) << 4)
    v128.store(a, i64x2.add(v128.load(a), added))
  }
}

function scatterRecords(arrival: usize, projection: usize, sums: usize, excites: i32): void {
  const stride = <usize>load<u32>(projection, PROJECTION_STRIDE)
  const weight = <usize>load<u32>(projection, PROJECTION_WEIGHT)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  for (let record = <usize>load<u32>(arrival, ARRIVAL_FIRST); record < end; record += stride) {
    if (weight != 0 && <i32>(load<f32>(record + weight) >= 0) != excites) continue
    const sum = sums + ((<usize>load<u32>(record, RECORD_TARGET)) << 4)
    v128.store(sum, i64x2.add(v128.load(sum), recordAdded(arrival, projection, record)))
  }
}
