import { runaway, runawayInterval } from '../schema/header'
import { RUNAWAY } from '../schema/records'
import { fail } from './outcome'

/** Breaks the pass off if a lane has fired more often than it may by a time. */
export function endRunaway(n: i32, time: f64, fired: i32): void {
  if (fired > runaway() && <f64>fired > mostSpikesBy(time)) fail(RUNAWAY, n, time, mostSpikesBy(time))
}

/** See `mostSpikesBy` in src/dynamics/models/neuron-faults.ts. */
function mostSpikesBy(time: f64): f64 {
  return <f64>runaway() * (1 + floor(time / runawayInterval()))
}
