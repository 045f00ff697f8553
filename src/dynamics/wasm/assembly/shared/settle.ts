import { isHeld } from '../lane-states'
import { takeUpTaus } from '../lane-taus'
import { lane, setLane } from '../lanes'
import { outcome } from '../outcome'
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
} from '../own-spikes'
import { propagate } from '../propagator'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, U } from '../schema/lanes'
import { hasInhibition, refractories, stopsAfterFirst } from '../schema/plan'
import { DONE, INSTANT, LAST, START } from '../schema/records'
import { countOf, setCount } from '../spike-counts'

/** Takes a lane up: where it is after the arrival at the start of an interval, or after an event of its own in it. */
export function takeUp(n: i32, instant: usize, isOpen: bool, u: f64, i: f64, j: f64): void {
  if (isOpen) standAt(lane(SINCE, n), lane(U, n), lane(I, n), hasInhibition() ? lane(J, n) : j)
  else standAt(load<f64>(instant, START), u, i, j)
}

/**
 * Runs every spike and end of a refractory period of the lane that was taken up before the end of an interval; false if
 * there is none.
 */
export function settle(octet: i32, n: i32, instant: usize): bool {
  takeUpTaus(octet, n)
  const last = load<f64>(instant, LAST)
  const before = countOf(n)
  const hasFired = before > 0
  const hasBeenHeld = isHeld(n)
  takeUpSpikes(
    octet,
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
