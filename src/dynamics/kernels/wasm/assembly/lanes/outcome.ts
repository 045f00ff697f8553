import { outcomes } from '../schema/header'
import { DONE, NOTE, NOTE_COUNT, NOTE_DETAIL, NOTE_END, NOTE_LANE, NOTE_TIME } from '../schema/records'

/** How the pass under way goes; whom a fault is about: lane, time in ms, and the slope there, or the spikes there may be. */
export let outcome: i32 = DONE
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

/** Notes how the pass over a lane group ended: outcome, lane, time, detail, and a count of its own. */
export function notePass(laneGroup: i32, count: i32): void {
  const note = outcomes() + NOTE * <usize>laneGroup
  store<i32>(note, outcome, NOTE_END)
  store<i32>(note, lane, NOTE_LANE)
  store<f64>(note, time, NOTE_TIME)
  store<f64>(note, detail, NOTE_DETAIL)
  store<i32>(note, count, NOTE_COUNT)
}
