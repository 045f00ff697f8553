import { copyLanes, lane, lanes, setLane } from './lanes'
import { ADAPTATION, ADAPTED, BEST, I, SINCE, U } from './schema/lanes'
import { octets, statesAfter, statesBefore } from './schema/plan'
import {
  LANE_STATE,
  STATE_ADAPTATION,
  STATE_ADAPTED,
  STATE_BEST,
  STATE_CLIMB_I,
  STATE_CLIMB_U,
  STATE_FIRED,
  STATE_I,
  STATE_OPEN,
  STATE_SINCE,
  STATE_U,
} from './schema/records'

/** Lanes that have fired since the last arrival, as bits. */
export let open: i32 = 0

/** State of an octet before the window; 0: at rest. */
export function stateBefore(octet: i32, trial: i32): usize {
  return statesBefore() == 0 ? 0 : statesBefore() + placeOf(octet, trial)
}

/** Where its state after the window goes; 0: nowhere. */
export function stateAfter(octet: i32, trial: i32): usize {
  return statesAfter() == 0 ? 0 : statesAfter() + placeOf(octet, trial)
}

function placeOf(octet: i32, trial: i32): usize {
  return LANE_STATE * (<usize>trial * <usize>octets() + <usize>octet)
}

/** Takes up what the lanes have of their own; `counts` of spikes are where the window notes them. */
export function takeUpLanes(state: usize, counts: usize): void {
  copyLanes(ADAPTATION, state + STATE_ADAPTATION)
  copyLanes(ADAPTED, state + STATE_ADAPTED)
  v128.store(counts, v128.load(state, STATE_FIRED))
  v128.store(counts, v128.load(state, STATE_FIRED + 16), 16)
  open = load<i32>(state, STATE_OPEN)
  if (open != 0) takeUpCourses(state)
}

/** Where each lane is, and when. */
export function takeUpCourses(state: usize): void {
  copyLanes(U, state + STATE_U)
  copyLanes(I, state + STATE_I)
  copyLanes(SINCE, state + STATE_SINCE)
}

export function beginAtRest(): void {
  open = 0
}

/** From now on the lane is what it was right after its spike. */
export function openLane(n: i32, time: f64, u: f64, i: f64): void {
  setLane(SINCE, n, time)
  setLane(U, n, u)
  setLane(I, n, i)
  open |= 1 << n
}

/** Something has arrived. */
export function closeLanes(): void {
  open = 0
}

/** Keeps the lanes; those that are not open are where they were at `time`, and their U and I stand there already. */
export function putDownLanes(state: usize, counts: usize, time: f64): void {
  const all = f64x2.splat(time)
  for (let at: usize = 0; at < 64; at += 16) {
    v128.store(state + at, all, STATE_SINCE)
    v128.store(state + at, v128.load(lanes + ADAPTATION + at), STATE_ADAPTATION)
    v128.store(state + at, v128.load(lanes + ADAPTED + at), STATE_ADAPTED)
  }
  for (let some = open; some != 0; some &= some - 1) {
    const n = ctz(some)
    const at = state + 8 * <usize>n
    store<f64>(at, lane(SINCE, n), STATE_SINCE)
    store<f64>(at, lane(U, n), STATE_U)
    store<f64>(at, lane(I, n), STATE_I)
  }
  v128.store(state, v128.load(counts), STATE_FIRED)
  v128.store(state, v128.load(counts, 16), STATE_FIRED + 16)
  store<i32>(state, open, STATE_OPEN)
}

/** Takes up where the climb to the maximum of each lane has come to. */
export function takeUpClimb(state: usize): void {
  copyLanes(U, state + STATE_CLIMB_U)
  copyLanes(I, state + STATE_CLIMB_I)
  copyLanes(BEST, state + STATE_BEST)
}

/** Keeps where all lanes are after the last arrival. */
export function keepClimb(state: usize): void {
  memory.copy(state + STATE_CLIMB_U, lanes + U, 64)
  memory.copy(state + STATE_CLIMB_I, lanes + I, 64)
  memory.copy(state + STATE_BEST, lanes + BEST, 64)
}
