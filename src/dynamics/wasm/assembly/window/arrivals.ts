import { growthsFromMiddle } from './growth'
import { toIntegers } from './whole-numbers'
import { arrivalCount, arrivalsAt, cellStart, projectionsAt } from './window-plan'

/** An arrival of one spike at all the targets of a row: given its time and row, the rest is worked out here. */
export const ARRIVAL: usize = 48
/** f64 time in ms, and since the start of the cell; u32 projection and row; addresses of its first target and end. */
export const ARRIVAL_TIME: usize = 0
export const ARRIVAL_X: usize = 8
export const ARRIVAL_PROJECTION: usize = 16
export const ARRIVAL_ROW: usize = 20
export const ARRIVAL_TARGETS: usize = 24
export const ARRIVAL_END: usize = 28
/** What it adds to the sums: pair of i64. */
export const ARRIVAL_ADDED: usize = 32

// A projection: rows of targets, one per source unit.
export const PROJECTION: usize = 64
/** Pair of doubles: what its weight adds to the sums at the middle of a cell. */
export const PROJECTION_SCALE: usize = 0
/** Address of u32 numbers of the first target of every row; of the targets. */
export const PROJECTION_ROWS: usize = 16
export const PROJECTION_TARGETS: usize = 20
/** i32: the weight is at least 0. */
export const PROJECTION_EXCITES: usize = 24

/** Works out what every arrival of the cell adds, and where. */
export function prepareArrivals(): void {
  const start = cellStart()
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionsAt() + PROJECTION * <usize>load<u32>(arrival, ARRIVAL_PROJECTION)
    const x = load<f64>(arrival, ARRIVAL_TIME) - start
    const row = <usize>load<u32>(projection, PROJECTION_ROWS) + 4 * <usize>load<u32>(arrival, ARRIVAL_ROW)
    const targets = load<u32>(projection, PROJECTION_TARGETS)
    store<f64>(arrival, x, ARRIVAL_X)
    store<u32>(arrival, targets + 2 * load<u32>(row), ARRIVAL_TARGETS)
    store<u32>(arrival, targets + 2 * load<u32>(row, 4), ARRIVAL_END)
    const scale = v128.load(projection, PROJECTION_SCALE)
    v128.store(arrival, toIntegers(f64x2.mul(growthsFromMiddle(x), scale)), ARRIVAL_ADDED)
  }
}

/** Adds all arrivals of one sign to the sums of their targets. */
export function scatterArrivals(sums: usize, excites: i32): void {
  const end = arrivalsAt() + ARRIVAL * <usize>arrivalCount()
  for (let arrival = arrivalsAt(); arrival < end; arrival += ARRIVAL) {
    const projection = projectionsAt() + PROJECTION * <usize>load<u32>(arrival, ARRIVAL_PROJECTION)
    if (load<i32>(projection, PROJECTION_EXCITES) == excites) scatter(arrival, sums)
  }
}

function scatter(arrival: usize, sums: usize): void {
  const added = v128.load(arrival, ARRIVAL_ADDED)
  const end = <usize>load<u32>(arrival, ARRIVAL_END)
  let at = <usize>load<u32>(arrival, ARRIVAL_TARGETS)
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
