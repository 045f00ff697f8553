import { outcomes } from './plan'

/** How a pass over an octet ended. */
export const DONE: i32 = 0
export const TAPE_IS_FULL: i32 = 1
export const RUNAWAY: i32 = 2
export const SLOPE_IS_UNDEFINED: i32 = 3
export const GRADIENT_OVERFLOWS: i32 = 4

/** How the pass under way goes; whom a fault is about: lane, time in ms, and the slope there, or the spikes there may be. */
export let outcome: i32 = DONE
/** Bytes of what is noted of a pass. */
const NOTE: usize = 32

let lane: i32 = 0
let time: f64 = 0
let detail: f64 = 0

export function beginPass(): void {
  outcome = DONE
}

export function fail(kind: i32, n: i32, at: f64, ofIt: f64): void {
  outcome = kind
  lane = n
  time = at
  detail = ofIt
}

/** Notes how the pass over an octet ended: outcome, lane, time, detail, and a count of its own. */
export function notePass(octet: i32, count: i32): void {
  const note = outcomes() + NOTE * <usize>octet
  store<i32>(note, outcome)
  store<i32>(note, lane, 4)
  store<f64>(note, time, 8)
  store<f64>(note, detail, 16)
  store<i32>(note, count, 24)
}
