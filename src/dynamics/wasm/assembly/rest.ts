import { testOf } from './crossing'
import { ADAPTATION, ADAPTED, copyLanes, FIRED, fillLanes, I, lane, lanes, setLane, TEST, THRESHOLD, U } from './lanes'
import { biases, thresholds } from './plan'

/** V = I = A = 0 at t = 0. */
export function rest(octet: i32): void {
  const offset: usize = 64 * <usize>octet
  copyLanes(THRESHOLD, thresholds() + offset)
  fillLanes(I, 0)
  fillLanes(ADAPTATION, 0)
  fillLanes(ADAPTED, 0)
  memory.fill(lanes + FIRED, 0, 32)
  for (let n = 0; n < 8; n++) {
    setLane(U, n, -load<f64>(biases() + offset + 8 * <usize>n))
    setLane(TEST, n, testOf(lane(THRESHOLD, n)))
  }
}
