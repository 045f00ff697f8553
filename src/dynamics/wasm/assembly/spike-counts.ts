import { octets, spikeCounts } from './schema/plan'

/** Where the numbers of spikes of the octet at work are in its trial, i32. */
let counts: usize = 0

/** The counts of an octet in a trial. */
export function countsOf(octet: i32, trial: i32): usize {
  return spikeCounts() + 32 * (<usize>trial * <usize>octets() + <usize>octet)
}

/** None has fired yet. */
export function beginCounts(octet: i32, trial: i32): void {
  counts = countsOf(octet, trial)
  memory.fill(counts, 0, 32)
}

/** How often a lane has fired so far. */
export function countOf(n: i32): i32 {
  return load<i32>(counts + 4 * <usize>n)
}

export function setCount(n: i32, count: i32): void {
  store<i32>(counts + 4 * <usize>n, count)
}
