import { laneOffset, setLaneOffset } from './lane-offset'
import { LANE_TAUS, laneTaus, PLAN_AT } from './schema/plan'

/** What follows computes with the time constants of a lane, where neurons have their own. */
export function takeUpTaus(octet: i32, n: i32): void {
  if (laneTaus() != 0) setLaneOffset(laneTaus() - PLAN_AT + LANE_TAUS * (8 * <usize>octet + <usize>n))
}

/** What follows computes with those of the plan. */
export function putDownTaus(): void {
  if (laneOffset != 0) setLaneOffset(0)
}
