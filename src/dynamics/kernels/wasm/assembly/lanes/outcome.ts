import { mostInCell, outcomes, reached, runaway, runawayInterval } from '../schema/header'
import {
  DONE,
  NOTE,
  NOTE_COUNT,
  NOTE_DETAIL,
  NOTE_END,
  NOTE_LANE,
  NOTE_TIME,
  RUNAWAY,
  STATE_FIRED,
  STATE_SINCE,
  TOO_MANY_SPIKES,
} from '../schema/records'
import { stateBefore } from './lane-states'

/**
 * Outcome of the current pass, and the details of a fault: lane, time in ms, and the slope there or the spike limit.
 */
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

/** The trial at work, and the state of the lane group before the window; 0: at rest. */
let trial: i32 = 0
let before: usize = 0

/** A lane group goes through a window of a trial. */
export function beginRunaway(laneGroup: i32, which: i32): void {
  trial = which
  before = stateBefore(laneGroup, which)
}

/** Whether it matters when a lane fires for the `fired`-th time: mostly it has fired so rarely that no time is too early. */
export function mayRunAway(n: i32, fired: i32): bool {
  return fired > runaway() || <f64>(fired - firedBefore(n)) > mostInCell()
}

/** Breaks the pass off if a lane has fired more often than it may by a time. */
export function endRunaway(n: i32, time: f64, fired: i32): void {
  if (fired > runaway() && <f64>fired > mostSpikesBy(time)) fail(RUNAWAY, n, time, mostSpikesBy(time))
  if (<f64>(fired - firedBefore(n)) > mostOfNeuron(n, time)) fail(TOO_MANY_SPIKES, n, time, <f64>trial)
}

function firedBefore(n: i32): i32 {
  return before == 0 ? 0 : load<i32>(before + 4 * <usize>n, STATE_FIRED)
}

/** See `mostSpikesBy` in src/dynamics/models/neuron-faults.ts. */
function mostSpikesBy(time: f64): f64 {
  return <f64>runaway() * (1 + floor(time / runawayInterval()))
}

/** See `mostOfNeuron` in src/dynamics/models/spike-limit.ts: since the state of the lane, which may be older than the window. */
function mostOfNeuron(n: i32, time: f64): f64 {
  const since = before == 0 ? 0 : min(reached(), load<f64>(before + 8 * <usize>n, STATE_SINCE))
  return mostInCell() * (1 + floor(time) - floor(since))
}
