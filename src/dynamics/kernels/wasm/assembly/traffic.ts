import { traffic } from './schema/header'
import { TRAFFIC } from './schema/records'

/**
 * What the pass over the lane group at work reads and writes. The counts are reported interval by interval, not event
 * by event, and cover what registers are loaded from and stored to; a word that is read again at once counts once, and
 * what an engine that runs short of registers puts on its own stack does not count.
 */
let row: usize = 0

/** Starts to count a pass; what an earlier one over the lane group has counted is forgotten. */
export function beginTraffic(laneGroup: i32): void {
  row = traffic() + TRAFFIC * <usize>laneGroup
  memory.fill(row, 0, TRAFFIC)
}

export function countRead(category: usize, bytes: usize): void {
  store<f64>(row + category, load<f64>(row + category) + <f64>bytes)
}

export function countWritten(category: usize, bytes: usize): void {
  store<f64>(row + category, load<f64>(row + category, 8) + <f64>bytes, 8)
}

export function countBoth(category: usize, bytes: usize): void {
  countRead(category, bytes)
  countWritten(category, bytes)
}
