import { complete, delays, mostInCell, reached, runaway, runawayInterval } from '../schema/header'
import { RUNAWAY, STATE_FIRED, TOO_MANY_SPIKES } from '../schema/records'
import { stateBefore } from './lane-states'
import { fail } from './outcome'

/** The trial at work, how often its lanes had fired before the window, and the cell of time in which they stood then. */
let trial: i32 = 0
let before: usize = 0
let firstCell: f64 = 0

/** A lane group goes through a window of a trial. */
export function beginRunaway(laneGroup: i32, which: i32): void {
  const state = stateBefore(laneGroup, which)
  trial = which
  before = state == 0 ? 0 : state + STATE_FIRED
  firstCell = floor(delays() == 0 ? reached() : min(reached(), complete()))
}

/** Breaks the pass off if a lane has fired more often than it may by a time. */
export function endRunaway(n: i32, time: f64, fired: i32): void {
  if (fired > runaway() && <f64>fired > mostSpikesBy(time)) fail(RUNAWAY, n, time, mostSpikesBy(time))
  const earlier = before == 0 ? 0 : load<i32>(before + 4 * <usize>n)
  if (<f64>(fired - earlier) > mostOfNeuron(time)) fail(TOO_MANY_SPIKES, n, time, <f64>trial)
}

/** See `mostSpikesBy` in src/dynamics/models/neuron-faults.ts. */
function mostSpikesBy(time: f64): f64 {
  return <f64>runaway() * (1 + floor(time / runawayInterval()))
}

/** See `mostOfNeuron` in src/dynamics/models/spike-limit.ts. */
function mostOfNeuron(time: f64): f64 {
  return mostInCell() * (1 + floor(time) - firstCell)
}
