import { laneGroups, spikeCounts } from '../schema/header'

/** Where the numbers of spikes of the lane group at work are in its trial, i32. */
let counts: usize = 0

/** The counts of a lane group in a trial. */
export function countsOf(laneGroup: i32, trial: i32): usize {
  return spikeCounts() + 32 * (<usize>trial * <usize>laneGroups() + <usize>laneGroup)
}

/** None has fired yet. */
export function beginCounts(laneGroup: i32, trial: i32): void {
  counts = countsOf(laneGroup, trial)
  // Less than a call of memory.fill costs.
  v128.store(counts, i64x2.splat(0))
  v128.store(counts, i64x2.splat(0), 16)
}

/** How often a lane has fired so far. */
export function countOf(n: i32): i32 {
  return load<i32>(counts + 4 * <usize>n)
}

export function setCount(n: i32, count: i32): void {
  store<i32>(counts + 4 * <usize>n, count)
}
