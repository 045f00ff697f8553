import { copyLanes, fillLanes } from './lanes'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, TEST, THRESHOLD, U } from './schema/lanes'
import { hasInhibition, starts, tests, thresholds } from './schema/plan'

/** V = I = 0 at t = 0. */
export function rest(octet: i32): void {
  copyLanes(U, starts() + 64 * <usize>octet)
  fillLanes(I, 0)
  if (hasInhibition()) fillLanes(J, 0)
}

/** The thresholds as they are learned. */
export function takeUpThresholds(octet: i32): void {
  const offset: usize = 64 * <usize>octet
  copyLanes(TEST, tests() + offset)
  copyLanes(THRESHOLD, thresholds() + offset)
}

/** A = 0, too, and no lane is held. */
export function restToFire(octet: i32): void {
  rest(octet)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  fillLanes(HELD_UNTIL, 0)
}
