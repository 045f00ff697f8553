import { a, adapted, fired, heldUntil, i, j, time, u } from '../events/own-spikes'
import { hasInhibition } from '../schema/header'
import {
  STATE_WALK_ADAPTATION,
  STATE_WALK_ADAPTED,
  STATE_WALK_FIRED,
  STATE_WALK_HELD_UNTIL,
  STATE_WALK_I,
  STATE_WALK_J,
  STATE_WALK_SINCE,
  STATE_WALK_U,
  STATE_WALKED,
  STATE_WALKED_BIN,
} from '../schema/records'
import { standAs } from './neuron'

/**
 * Walks through the bin that a window ends in: a lane that goes event by event is kept where its last event was, so that the
 * next window continues from there. A second walk from the start of the bin would find the same state.
 */

/** The lanes, as bits, that have come to somewhere in a bin; `state` 0: none. */
export function walkedIn(state: usize, bin: f64): i32 {
  return state != 0 && load<f64>(state, STATE_WALKED_BIN) == bin ? load<i32>(state, STATE_WALKED) : 0
}

/** Notes which lanes have. */
export function noteWalked(state: usize, bin: f64, walked: i32): void {
  store<f64>(state, bin, STATE_WALKED_BIN)
  store<i32>(state, walked, STATE_WALKED)
}

/** Keeps where the lane at work has come to. */
export function keepWalk(state: usize, n: i32): void {
  const own = state + 8 * <usize>n
  store<f64>(own, u, STATE_WALK_U)
  store<f64>(own, i, STATE_WALK_I)
  if (hasInhibition()) store<f64>(own, j, STATE_WALK_J)
  store<f64>(own, time, STATE_WALK_SINCE)
  store<f64>(own, a, STATE_WALK_ADAPTATION)
  store<f64>(own, adapted, STATE_WALK_ADAPTED)
  store<f64>(own, heldUntil, STATE_WALK_HELD_UNTIL)
  store<i32>(state + 4 * <usize>n, fired, STATE_WALK_FIRED)
}

/** Takes a lane up where it has come to. */
export function takeUpWalk(laneGroup: i32, n: i32, state: usize): void {
  const own = state + 8 * <usize>n
  standAs(
    laneGroup,
    n,
    load<f64>(own, STATE_WALK_SINCE),
    load<f64>(own, STATE_WALK_U),
    load<f64>(own, STATE_WALK_I),
    hasInhibition() ? load<f64>(own, STATE_WALK_J) : 0,
    load<i32>(state + 4 * <usize>n, STATE_WALK_FIRED),
    load<f64>(own, STATE_WALK_ADAPTATION),
    load<f64>(own, STATE_WALK_ADAPTED),
    load<f64>(own, STATE_WALK_HELD_UNTIL),
  )
}
