import { copyLanes, fillLanes } from './lanes'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, TEST, U } from './schema/lanes'
import { hasInhibition, starts, tests } from './schema/plan'

/** V = I = 0 at t = 0. */
export function rest(octet: i32): void {
  copyLanes(U, starts() + 64 * <usize>octet)
  fillLanes(I, 0)
  if (hasInhibition()) fillLanes(J, 0)
}

/** What lanes that may fire are tested against. */
export function takeUpTests(octet: i32): void {
  copyLanes(TEST, tests() + 64 * <usize>octet)
}

/** A = 0, too, and no lane is held. */
export function restToFire(octet: i32): void {
  rest(octet)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  fillLanes(HELD_UNTIL, 0)
}
