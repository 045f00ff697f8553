import { largestKappa, leastShare, propagate, propagateInhibition } from '../equations/propagator'
import {
  a,
  adapted,
  fire,
  fired,
  heldUntil,
  i,
  j,
  letGo,
  nextSpike,
  passTo,
  receive,
  standAt,
  takeUpSpikes,
  test,
  time,
  u,
} from '../events/own-spikes'
import { countOf, restToFire, setCount, takeUpTests } from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { copyLanes, fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { hasInhibition, horizon, peakKappa, rows, shown, stopsAfterFirst, weights } from '../schema/header'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, TEST, U } from '../schema/lanes'
import {
  DONE,
  EVENT,
  STATE_ADAPTATION,
  STATE_ADAPTED,
  STATE_FIRED,
  STATE_HELD_UNTIL,
  STATE_I,
  STATE_J,
  STATE_SINCE,
  STATE_U,
} from '../schema/records'
import { ARRIVES, listed, rowOfArrival } from './arrivals'

/** The lane at work, and its weights. */
let n: i32 = 0
let ownWeights: usize = 0

/** Takes a lane up. */
export function takeUp(laneGroup: i32, which: i32): void {
  standAs(
    laneGroup,
    which,
    lane(SINCE, which),
    lane(U, which),
    lane(I, which),
    hasInhibition() ? lane(J, which) : 0,
    countOf(which),
    lane(ADAPTATION, which),
    lane(ADAPTED, which),
    lane(HELD_UNTIL, which),
  )
}

/** Takes a lane up at its last event: the time of it, U, I and J; spikes so far, what they have left, and when it is let go. */
export function standAs(
  laneGroup: i32,
  which: i32,
  since: f64,
  voltage: f64,
  current: f64,
  inhibition: f64,
  count: i32,
  adaptation: f64,
  adaptedAt: f64,
  until: f64,
): void {
  takeUpTaus(laneGroup, which)
  n = which
  ownWeights = weights() + 64 * <usize>rows() * <usize>laneGroup + 8 * <usize>which
  standAt(since, voltage, current, inhibition)
  takeUpSpikes(laneGroup, n, count, adaptation, adaptedAt, until, 0)
}

/** Keeps where it has come to. */
export function putDown(): void {
  setLane(SINCE, n, time)
  setLane(U, n, u)
  setLane(I, n, i)
  if (hasInhibition()) setLane(J, n, j)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  setLane(HELD_UNTIL, n, heldUntil)
  setLane(TEST, n, test)
  setCount(n, fired)
}

/** Runs the neuron through the arrivals that are listed, up to `stop`. */
export function receiveListed(stop: usize): void {
  const isSplit = hasInhibition()
  for (let arrival = listed; arrival < stop; arrival += EVENT) {
    const weight = load<f64>(ownWeights + rowOfArrival(arrival))
    // In a bin that is swept, weights of 0 leave no trace either.
    if (weight == 0) continue
    const next = load<f64>(arrival, ARRIVES)
    if (next > time) carry(next)
    if (outcome != DONE) return
    receive(weight, weight < 0 && isSplit)
  }
}

/** Runs every own event by `last` if nothing more arrives in the window; the neuron stays where its last event was. */
export function runOwnEvents(last: f64): void {
  letGo(last)
  while (outcome == DONE && mayFire(horizon())) {
    const spike = nextSpike(last)
    if (!(spike <= last)) return
    fire(spike)
    letGo(last)
  }
}

/** When it fires next, or is let go, if nothing arrives at all; Infinity: never. */
export function nextOwnEvent(): f64 {
  catchUp()
  return ownEvent()
}

/** Carries it through the own events that were found before. */
export function catchUp(): void {
  for (let next = ownEvent(); next <= shown(); next = ownEvent()) {
    if (heldUntil > 0) letGo(next)
    else fire(next)
  }
}

function ownEvent(): f64 {
  if (heldUntil > 0) return heldUntil
  return max(u, 0) + peakKappa() * max(i, 0) < test ? Infinity : nextSpike(Infinity)
}

/** Notes how often it has fired, and nothing else: what it does until the window ends is gone through once more. */
export function show(): void {
  setCount(n, fired)
}

/** Carries the neuron on to `next`, through its own events up to then. */
export function carry(next: f64): void {
  letGo(next)
  while (outcome == DONE && mayFire(next)) {
    const spike = nextSpike(next)
    if (!(spike <= next)) {
      propagate(next - time)
      break
    }
    fire(spike)
    letGo(next)
  }
  if (outcome == DONE && next > time) passTo(next, next - time)
}

/** Whether it may fire up to `next`; false: it does not. The propagator up to then is asked for. */
function mayFire(next: f64): bool {
  const d = next - time
  propagate(d)
  return max(u, 0) + largestKappa(d, next) * max(j == 0 ? i : inhibited(d, next), 0) >= test
}

/** What inhibition over d ms, up to `next`, at least leaves of I. */
function inhibited(d: f64, next: f64): f64 {
  propagateInhibition(d)
  return i + leastShare(next) * j
}

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
