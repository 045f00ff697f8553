/** Which of the threads that share a memory this instance belongs to, from 0: each has room of its own in some regions. */
export let thread: usize = 0

export function setThread(number: usize): void {
  thread = number
}

/**
 * How far behind the header the time constants of the lane at work lie, `LANE_TAUS`; 0: they are the header's own, shared
 * by the whole group.
 */
export let laneOffset: usize = 0

export function setLaneOffset(offset: usize): void {
  laneOffset = offset
}

/** The lane group of neurons that is being worked on: `LANES`, at a scratch address of its own for every instance. */
export let lanes: usize = 0

let scratch: usize = 0

/** Gives an instance its number among the threads, and its scratch lanes. */
export function attach(number: i32, at: usize): void {
  setThread(<usize>number)
  lanes = scratch = at
}

/** Works in lanes that are kept from window to window, of a lane group in a trial. */
export function workIn(at: usize): void {
  lanes = at
}

export function workInScratch(): void {
  lanes = scratch
}

export function lane(row: usize, n: i32): f64 {
  return load<f64>(lanes + row + 8 * <usize>n)
}

export function setLane(row: usize, n: i32, value: f64): void {
  store<f64>(lanes + row + 8 * <usize>n, value)
}

/** Whether any lane of four masks is set. */
export function anyOf(m0: v128, m1: v128, m2: v128, m3: v128): bool {
  return v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))
}

/** The lanes of four masks, as bits. */
export function bitsOf(m0: v128, m1: v128, m2: v128, m3: v128): i32 {
  return i64x2.bitmask(m0) | (i64x2.bitmask(m1) << 2) | (i64x2.bitmask(m2) << 4) | (i64x2.bitmask(m3) << 6)
}

/** Writes four registers to a row. */
export function putRow(row: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  inline.always(storeRow(lanes + row, r0, r1, r2, r3))
}

/** Writes four registers to an address. */
function storeRow(to: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  v128.store(to, r0)
  v128.store(to, r1, 16)
  v128.store(to, r2, 32)
  v128.store(to, r3, 48)
}

/** Sets all eight lanes of a row. */
export function fillLanes(row: usize, value: f64): void {
  const all = f64x2.splat(value)
  v128.store(lanes + row, all)
  v128.store(lanes + row, all, 16)
  v128.store(lanes + row, all, 32)
  v128.store(lanes + row, all, 48)
}

export function copyLanes(row: usize, from: usize): void {
  const to = lanes + row
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
  v128.store(to, v128.load(from, 32), 32)
  v128.store(to, v128.load(from, 48), 48)
}
