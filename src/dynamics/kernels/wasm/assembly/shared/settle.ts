import { propagate } from '../equations/propagator'
import {
  a,
  adapted,
  fire,
  fired,
  heldUntil,
  letGo,
  nextSpike,
  i as ownI,
  j as ownJ,
  u as ownU,
  passTo,
  standAt,
  takeUpSpikes,
  test,
  time,
} from '../events/own-spikes'
import { countOf, isHeld, isOpen, openLane, setCount } from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { hasInhibition, refractories, stopsAfterFirst } from '../schema/header'
import {
  ADAPTATION,
  ADAPTED,
  HELD_UNTIL,
  I,
  J,
  NEXT_I,
  NEXT_J,
  NEXT_U,
  P_I,
  P_J,
  P_U,
  SINCE,
  TEST,
  U,
} from '../schema/lanes'
import { DONE, INSTANT, LAST, START, TIME } from '../schema/records'

/**
 * Runs a lane through its own events in an interval, and carries it to the end of that; false if it has none and goes the way
 * of all lanes. Given is where it was after the arrival at the start.
 */
function runLane(laneGroup: i32, n: i32, instant: usize, u: f64, i: f64, j: f64): bool {
  takeUp(n, instant, u, i, j)
  if (!settle(laneGroup, n, instant) && !isOpen(n)) return false
  if (outcome == DONE) carry(load<f64>(instant, TIME))
  return true
}

/**
 * Runs lanes, as bits, through their own events in an interval: from P_U, P_I and P_J, the state of all lanes after the
 * arrival at its start, into NEXT_U, NEXT_I, NEXT_J and TEST. False after a fault.
 */
export function runLanes(laneGroup: i32, some: i32, instant: usize): bool {
  for (; some != 0; some &= some - 1) {
    const n = ctz(some)
    if (!runLane(laneGroup, n, instant, lane(P_U, n), lane(P_I, n), hasInhibition() ? lane(P_J, n) : 0)) continue
    if (outcome != DONE) return false
    setLane(NEXT_U, n, ownU)
    setLane(NEXT_I, n, ownI)
    if (hasInhibition()) setLane(NEXT_J, n, ownJ)
    setLane(TEST, n, test)
  }
  return true
}

/** Runs a lane through its own events after the last arrival, and leaves it open where they end. */
function runOpenLane(laneGroup: i32, n: i32, tail: usize, u: f64, i: f64, j: f64): void {
  takeUp(n, tail, u, i, j)
  if (settle(laneGroup, n, tail) && outcome == DONE) openLane(n, time, ownU, ownI, ownJ)
}

/** The same of lanes, as bits, from P_U, P_I and P_J. False after a fault. */
export function runOpenLanes(laneGroup: i32, some: i32, tail: usize): bool {
  for (; some != 0 && outcome == DONE; some &= some - 1) {
    const n = ctz(some)
    runOpenLane(laneGroup, n, tail, lane(P_U, n), lane(P_I, n), hasInhibition() ? lane(P_J, n) : 0)
  }
  return outcome == DONE
}

/** Takes a lane up: where it is after the arrival at the start of an interval, or after an event of its own in it. */
function takeUp(n: i32, instant: usize, u: f64, i: f64, j: f64): void {
  if (isOpen(n)) standAt(lane(SINCE, n), lane(U, n), lane(I, n), hasInhibition() ? lane(J, n) : j)
  else standAt(load<f64>(instant, START), u, i, j)
}

/**
 * Runs every spike and end of a refractory period of the lane that was taken up before the end of an interval; false if
 * there is none.
 */
function settle(laneGroup: i32, n: i32, instant: usize): bool {
  takeUpTaus(laneGroup, n)
  const last = load<f64>(instant, LAST)
  const before = countOf(n)
  const hasFired = before > 0
  const hasBeenHeld = isHeld(n)
  takeUpSpikes(
    laneGroup,
    n,
    before,
    hasFired ? lane(ADAPTATION, n) : 0,
    hasFired ? lane(ADAPTED, n) : 0,
    hasBeenHeld ? lane(HELD_UNTIL, n) : 0,
    instant - INSTANT,
  )
  if (hasFired && stopsAfterFirst()) return false
  letGo(last)
  while (outcome == DONE && test < Infinity) {
    const spike = nextSpike(last)
    if (!(spike <= last)) break
    fire(spike)
    letGo(last)
  }
  if (outcome != DONE) return true
  if (refractories() != 0 && (hasBeenHeld || heldUntil > 0)) setLane(HELD_UNTIL, n, heldUntil)
  if (fired == before) return hasBeenHeld && heldUntil == 0
  setCount(n, fired)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  return true
}

/** Carries the lane that was taken up on to `next` without events. */
function carry(next: f64): void {
  if (!(next > time)) return
  propagate(next - time)
  passTo(next, next - time)
}
