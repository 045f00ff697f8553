/** How a pass over an octet ended. */
export const DONE: i32 = 0
export const TAPE_IS_FULL: i32 = 1
export const RUNAWAY: i32 = 2
export const SLOPE_IS_UNDEFINED: i32 = 3
export const GRADIENT_OVERFLOWS: i32 = 4

/** Of the pass under way: how it goes, and whom a fault is about: lane, time in ms, and the slope there. */
export let outcome: i32 = DONE
let lane: i32 = 0
let time: f64 = 0
let slope: f64 = 0

export function beginPass(): void {
  outcome = DONE
}

export function fail(kind: i32, n: i32, at: f64, slopeThere: f64): void {
  outcome = kind
  lane = n
  time = at
  slope = slopeThere
}

export function faultLane(): i32 {
  return lane
}
export function faultTime(): f64 {
  return time
}
export function faultSlope(): f64 {
  return slope
}
export function lastOutcome(): i32 {
  return outcome
}
