import { HEADER_AT, LANE_TAUS, laneTaus } from '../schema/header'
import { laneOffset, setLaneOffset } from './lane-offset'

/** What follows computes with the time constants of a lane, where neurons have their own. */
export function takeUpTaus(laneGroup: i32, n: i32): void {
  if (laneTaus() != 0) setLaneOffset(laneTaus() - HEADER_AT + LANE_TAUS * (8 * <usize>laneGroup + <usize>n))
}

/** What follows computes with those of the header. */
export function putDownTaus(): void {
  if (laneOffset != 0) setLaneOffset(0)
}
