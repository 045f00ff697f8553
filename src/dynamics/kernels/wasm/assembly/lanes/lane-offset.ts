/**
 * How far behind the header the time constants of the lane at work lie, `LANE_TAUS`; 0: they are the header's own, shared
 * by the whole group.
 */
export let laneOffset: usize = 0

export function setLaneOffset(offset: usize): void {
  laneOffset = offset
}
