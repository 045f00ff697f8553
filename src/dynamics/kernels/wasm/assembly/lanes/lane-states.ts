import * as header from '../schema/header'
import { ADAPTATION, ADAPTED, BEST, HELD_UNTIL, I, J, SINCE, TEST, U } from '../schema/lanes'
import { LANE_STATE, State } from '../schema/records'
import { copyLanes, fillLanes, lane, lanes, setLane } from './lanes'

/** Lanes that have fired or were let go since the last arrival, as bits. */
export let open: i32 = 0

/** State of a lane group before the window; 0: at rest. */
export function stateBefore(laneGroup: i32, trial: i32): usize {
  return header.statesBefore() == 0 ? 0 : header.statesBefore() + placeOf(laneGroup, trial)
}

/** Where its state after the window goes; 0: nowhere. */
export function stateAfter(laneGroup: i32, trial: i32): usize {
  return header.statesAfter() == 0 ? 0 : header.statesAfter() + placeOf(laneGroup, trial)
}

function placeOf(laneGroup: i32, trial: i32): usize {
  return LANE_STATE * (<usize>trial * <usize>header.laneGroups() + <usize>laneGroup)
}

/** Takes up what the lanes have of their own; `counts` of spikes are where the window notes them. */
export function takeUpLanes(state: usize, counts: usize): void {
  copyLanes(ADAPTATION, state + State.ADAPTATION)
  copyLanes(ADAPTED, state + State.ADAPTED)
  if (header.refractories() != 0) copyLanes(HELD_UNTIL, state + State.HELD_UNTIL)
  v128.store(counts, v128.load(state, State.FIRED))
  v128.store(counts, v128.load(state, State.FIRED + 16), 16)
  open = load<i32>(state, State.OPEN)
  if (open != 0) takeUpCourses(state)
}

/** Where each lane is, and when. */
export function takeUpCourses(state: usize): void {
  copyLanes(U, state + State.U)
  copyLanes(I, state + State.I)
  if (header.hasInhibition()) copyLanes(J, state + State.J)
  copyLanes(SINCE, state + State.SINCE)
}

/** No lane has fired or is held. */
export function beginAtRest(): void {
  open = 0
  if (header.refractories() != 0) fillLanes(HELD_UNTIL, 0)
}

/** From now on the lane is what it was right after its own event. */
export function openLane(n: i32, time: f64, u: f64, i: f64, j: f64): void {
  setLane(SINCE, n, time)
  setLane(U, n, u)
  setLane(I, n, i)
  if (header.hasInhibition()) setLane(J, n, j)
  open |= 1 << n
}

/** From now on a polynomial lane is what it was right after its own event at y. */
export function openAt(n: i32, y: f64): void {
  setLane(SINCE, n, y)
  open |= 1 << n
}

export function isOpen(n: i32): bool {
  return (open & (1 << n)) != 0
}

/** Whether a lane is in its refractory period: its V is vReset, whatever has become of U. */
export function isHeld(n: i32): bool {
  return header.refractories() != 0 && lane(HELD_UNTIL, n) > 0
}

/** When the first of all lanes is let go that are held; Infinity: none is. */
export function nextRelease(): f64 {
  let next: f64 = Infinity
  if (header.refractories() == 0) return next
  for (let n = 0; n < 8; n++) if (isHeld(n)) next = min(next, lane(HELD_UNTIL, n))
  return next
}

/** The lanes that are let go by some time, as bits. */
export function releasedBy(time: f64): i32 {
  let released = 0
  if (header.refractories() == 0) return released
  for (let n = 0; n < 8; n++) if (isHeld(n) && lane(HELD_UNTIL, n) <= time) released |= 1 << n
  return released
}

/** Something has arrived. */
export function closeLanes(): void {
  open = 0
}

/**
 * Keeps the lanes; those that are not open, and polynomial ones, are where they were at `time`, and their U, I and J stand there
 * already.
 */
export function putDownLanes(state: usize, laneGroup: i32, trial: i32, time: f64, isPolynomial: bool): void {
  const counts = countsOf(laneGroup, trial)
  const all = f64x2.splat(time)
  const none = f64x2.splat(0)
  for (let at: usize = 0; at < 64; at += 16) {
    v128.store(state + at, all, State.SINCE)
    // Polynomial lanes have none, and have not looked at these rows.
    v128.store(state + at, isPolynomial ? none : v128.load(lanes + ADAPTATION + at), State.ADAPTATION)
    v128.store(state + at, isPolynomial ? none : v128.load(lanes + ADAPTED + at), State.ADAPTED)
  }
  for (let some = open; some != 0; some &= some - 1) {
    const n = ctz(some)
    const at = state + 8 * <usize>n
    store<f64>(at, isPolynomial ? lane(SINCE, n) : -1, State.FALL)
    if (isPolynomial) continue
    store<f64>(at, lane(SINCE, n), State.SINCE)
    store<f64>(at, lane(U, n), State.U)
    store<f64>(at, lane(I, n), State.I)
    if (header.hasInhibition()) store<f64>(at, lane(J, n), State.J)
  }
  if (header.refractories() != 0) putDownHeld(state, laneGroup)
  v128.store(state, v128.load(counts), State.FIRED)
  v128.store(state, v128.load(counts, 16), State.FIRED + 16)
  store<i32>(state, open, State.OPEN)
}

/** Of a lane that is held nothing is kept of what has become of U. */
function putDownHeld(state: usize, laneGroup: i32): void {
  memory.copy(state + State.HELD_UNTIL, lanes + HELD_UNTIL, 64)
  for (let n = 0; n < 8; n++)
    if (isHeld(n))
      store<f64>(state + 8 * <usize>n, load<f64>(header.resets() + 64 * <usize>laneGroup + 8 * <usize>n), State.U)
}

/** Takes up where the climb to the maximum of each lane has come to. */
export function takeUpClimb(state: usize): void {
  copyLanes(U, state + State.CLIMB_U)
  copyLanes(I, state + State.CLIMB_I)
  if (header.hasInhibition()) copyLanes(J, state + State.CLIMB_J)
  copyLanes(BEST, state + State.BEST)
}

/** Keeps where all lanes are after the last arrival. */
export function keepClimb(state: usize): void {
  memory.copy(state + State.CLIMB_U, lanes + U, 64)
  memory.copy(state + State.CLIMB_I, lanes + I, 64)
  if (header.hasInhibition()) memory.copy(state + State.CLIMB_J, lanes + J, 64)
  memory.copy(state + State.BEST, lanes + BEST, 64)
}

/** V = I = 0 at t = 0. */
export function rest(laneGroup: i32): void {
  copyLanes(U, header.starts() + 64 * <usize>laneGroup)
  fillLanes(I, 0)
  if (header.hasInhibition()) fillLanes(J, 0)
}

/** What lanes that may fire are tested against. */
export function takeUpTests(laneGroup: i32): void {
  copyLanes(TEST, header.tests() + 64 * <usize>laneGroup)
}

/** A = 0, too, and no lane is held. */
export function restToFire(laneGroup: i32): void {
  rest(laneGroup)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  fillLanes(HELD_UNTIL, 0)
}

/** Where the numbers of spikes of the lane group at work are in its trial, i32. */
let counts: usize = 0

/** The counts of a lane group in a trial. */
export function countsOf(laneGroup: i32, trial: i32): usize {
  return header.spikeCounts() + 32 * (<usize>trial * <usize>header.laneGroups() + <usize>laneGroup)
}

/** None has fired yet. */
export function beginCounts(laneGroup: i32, trial: i32): void {
  counts = countsOf(laneGroup, trial)
  // Less than a call of memory.fill costs.
  v128.store(counts, i64x2.splat(0))
  v128.store(counts, i64x2.splat(0), 16)
}

/** How often a lane has fired so far. */
export function countOf(n: i32): i32 {
  return load<i32>(counts + 4 * <usize>n)
}

export function setCount(n: i32, count: i32): void {
  store<i32>(counts + 4 * <usize>n, count)
}
