import { traffic } from './plan'

/**
 * What a pass over an octet reads and writes, in bytes: pairs of (read, written) doubles by category, in the order of
 * src/dynamics/memory-traffic.ts. It is told stretch by stretch, not event by event, and notes what registers are loaded
 * from and stored to; a word that is looked at again at once counts once, and what an engine that runs short of registers
 * puts on its own stack not at all.
 */
export const WEIGHTS: usize = 0
export const GRADIENTS: usize = 16
export const STATE: usize = 32
export const TAPE: usize = 48
export const SPIKES: usize = 64
const TRAFFIC: usize = 80

let row: usize = 0

/** Starts to count a pass; what an earlier one over the octet has counted is forgotten. */
export function beginTraffic(octet: i32): void {
  row = traffic() + TRAFFIC * <usize>octet
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
