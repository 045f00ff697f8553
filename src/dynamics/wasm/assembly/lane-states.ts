import { ADAPTATION, ADAPTED, BEST, copyLanes, I, lane, lanes, SINCE, setLane, U } from './lanes'
import { octets, statesAfter, statesBefore } from './plan'

/**
 * Where the neurons of an octet stand in a trial between two windows: functions of their own events and of what has
 * arrived, so that no cutting into windows can show. Rows of eight lanes:
 *
 *     U, I and the time that they belong to | A, and its time | of the climb to a maximum: U, I and the highest so far |
 *     i32 numbers of spikes | lanes that have fired since the last arrival, as bits
 *
 * U and I of the others are those right after the last arrival.
 */
const STATE_U: usize = 0
const STATE_I: usize = 64
const STATE_SINCE: usize = 128
const STATE_A: usize = 192
const STATE_ADAPTED: usize = 256
const CLIMB_U: usize = 320
const CLIMB_I: usize = 384
const CLIMB_BEST: usize = 448
const FIRED: usize = 512
const OPEN: usize = 544
const STATE: usize = 576

/** Lanes that have fired since the last arrival, as bits: the state of each is that right after its spike. */
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
  return STATE * (<usize>trial * <usize>octets() + <usize>octet)
}

/** Takes up what the lanes have of their own; `counts` of spikes are where the window notes them. */
export function takeUpLanes(state: usize, counts: usize): void {
  copyLanes(U, state + STATE_U)
  copyLanes(I, state + STATE_I)
  copyLanes(SINCE, state + STATE_SINCE)
  copyLanes(ADAPTATION, state + STATE_A)
  copyLanes(ADAPTED, state + STATE_ADAPTED)
  memory.copy(counts, state + FIRED, 32)
  open = load<i32>(state, OPEN)
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
  for (let n = 0; n < 8; n++) {
    const at = state + 8 * <usize>n
    const isOpen = (open & (1 << n)) != 0
    store<f64>(at, isOpen ? lane(SINCE, n) : time, STATE_SINCE)
    if (!isOpen) continue
    store<f64>(at, lane(U, n), STATE_U)
    store<f64>(at, lane(I, n), STATE_I)
  }
  memory.copy(state + STATE_A, lanes + ADAPTATION, 64)
  memory.copy(state + STATE_ADAPTED, lanes + ADAPTED, 64)
  memory.copy(state + FIRED, counts, 32)
  store<i32>(state, open, OPEN)
}

/** Takes up where the climb to the maximum of each lane has come to. */
export function takeUpClimb(state: usize): void {
  copyLanes(U, state + CLIMB_U)
  copyLanes(I, state + CLIMB_I)
  copyLanes(BEST, state + CLIMB_BEST)
}

/** Keeps where all lanes are after the last arrival. */
export function keepClimb(state: usize): void {
  memory.copy(state + CLIMB_U, lanes + U, 64)
  memory.copy(state + CLIMB_I, lanes + I, 64)
  memory.copy(state + CLIMB_BEST, lanes + BEST, 64)
}
