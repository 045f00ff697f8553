import { propagate } from '../equations/propagator'
import {
  a,
  adapted,
  fire,
  fired,
  heldUntil,
  letGo,
  nextSpike,
  passTo,
  standAt,
  takeUpSpikes,
  test,
  time,
} from '../events/own-spikes'
import { countOf, setCount } from '../events/spike-counts'
import { isHeld } from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { lane, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import { hasInhibition, refractories, stopsAfterFirst } from '../schema/header'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, U } from '../schema/lanes'
import { DONE, INSTANT, LAST, START } from '../schema/records'

/** Takes a lane up: where it is after the arrival at the start of an interval, or after an event of its own in it. */
export function takeUp(n: i32, instant: usize, isOpen: bool, u: f64, i: f64, j: f64): void {
  if (isOpen) standAt(lane(SINCE, n), lane(U, n), lane(I, n), hasInhibition() ? lane(J, n) : j)
  else standAt(load<f64>(instant, START), u, i, j)
}

/**
 * Runs every spike and end of a refractory period of the lane that was taken up before the end of an interval; false if
 * there is none.
 */
export function settle(laneGroup: i32, n: i32, instant: usize): bool {
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
export function carry(next: f64): void {
  if (!(next > time)) return
  propagate(next - time)
  passTo(next, next - time)
}
