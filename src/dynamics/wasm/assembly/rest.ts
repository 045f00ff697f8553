import { ADAPTATION, ADAPTED, copyLanes, FIRED, fillLanes, I, lanes, TEST, THRESHOLD, U } from './lanes'
import { starts, tests, thresholds } from './plan'
import { countWritten, STATE } from './traffic'

/** V = I = A = 0 at t = 0. */
export function rest(octet: i32): void {
  const offset: usize = 64 * <usize>octet
  copyLanes(U, starts() + offset)
  copyLanes(TEST, tests() + offset)
  copyLanes(THRESHOLD, thresholds() + offset)
  fillLanes(I, 0)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  v128.store(lanes, i32x4.splat(0), FIRED)
  v128.store(lanes, i32x4.splat(0), FIRED + 16)
  countWritten(STATE, 4 * 64 + 32)
}
