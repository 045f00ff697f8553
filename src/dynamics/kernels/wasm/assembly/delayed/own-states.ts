import { countOf, restToFire, takeUpTests } from '../lanes/lane-states'
import { copyLanes, fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { hasInhibition, stopsAfterFirst } from '../schema/header'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, TEST, U } from '../schema/lanes'
import {
  STATE_ADAPTATION,
  STATE_ADAPTED,
  STATE_FIRED,
  STATE_HELD_UNTIL,
  STATE_I,
  STATE_J,
  STATE_SINCE,
  STATE_U,
} from '../schema/records'

/** What the lanes of a lane group whose neurons have arrivals of their own are between two windows: each at a time of its own. */

/** Takes up where the lanes are; 0: at rest. `counts` of spikes are where the window notes them. */
export function takeUpOwn(laneGroup: i32, state: usize, counts: usize): void {
  takeUpTests(laneGroup)
  if (state == 0) {
    restToFire(laneGroup)
    fillLanes(SINCE, 0)
    return
  }
  copyLanes(U, state + STATE_U)
  copyLanes(I, state + STATE_I)
  if (hasInhibition()) copyLanes(J, state + STATE_J)
  copyLanes(SINCE, state + STATE_SINCE)
  copyLanes(ADAPTATION, state + STATE_ADAPTATION)
  copyLanes(ADAPTED, state + STATE_ADAPTED)
  copyLanes(HELD_UNTIL, state + STATE_HELD_UNTIL)
  memory.copy(counts, state + STATE_FIRED, 32)
  for (let n = 0; n < 8; n++) {
    if (lane(HELD_UNTIL, n) > 0 || (stopsAfterFirst() && countOf(n) > 0)) setLane(TEST, n, Infinity)
  }
}

/** Keeps where they have come to. */
export function putDownOwn(state: usize, counts: usize): void {
  memory.copy(state + STATE_U, lanes + U, 64)
  memory.copy(state + STATE_I, lanes + I, 64)
  if (hasInhibition()) memory.copy(state + STATE_J, lanes + J, 64)
  memory.copy(state + STATE_SINCE, lanes + SINCE, 64)
  memory.copy(state + STATE_ADAPTATION, lanes + ADAPTATION, 64)
  memory.copy(state + STATE_ADAPTED, lanes + ADAPTED, 64)
  memory.copy(state + STATE_HELD_UNTIL, lanes + HELD_UNTIL, 64)
  memory.copy(state + STATE_FIRED, counts, 32)
}
