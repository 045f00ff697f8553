import { copyLanes, fillLanes } from './lanes'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, TEST, THRESHOLD, U } from './schema/lanes'
import { starts, tests, thresholds } from './schema/plan'
import { STATE } from './schema/records'
import { countWritten } from './traffic'

/** V = I = 0 at t = 0. */
export function rest(octet: i32): void {
  copyLanes(U, starts() + 64 * <usize>octet)
  fillLanes(I, 0)
  countWritten(STATE, 2 * 64)
}

/** A = 0, too, and the thresholds as they are learned; no lane is held. */
export function restToFire(octet: i32): void {
  const offset: usize = 64 * <usize>octet
  rest(octet)
  copyLanes(TEST, tests() + offset)
  copyLanes(THRESHOLD, thresholds() + offset)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  fillLanes(HELD_UNTIL, 0)
}
