import { hasInhibition, starts, tests } from '../schema/header'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, TEST, U } from '../schema/lanes'
import { copyLanes, fillLanes } from './lanes'

/** V = I = 0 at t = 0. */
export function rest(laneGroup: i32): void {
  copyLanes(U, starts() + 64 * <usize>laneGroup)
  fillLanes(I, 0)
  if (hasInhibition()) fillLanes(J, 0)
}

/** What lanes that may fire are tested against. */
export function takeUpTests(laneGroup: i32): void {
  copyLanes(TEST, tests() + 64 * <usize>laneGroup)
}

/** A = 0, too, and no lane is held. */
export function restToFire(laneGroup: i32): void {
  rest(laneGroup)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  fillLanes(HELD_UNTIL, 0)
}
