import { projections } from './schema/header'
import { LISTED_AT, PROJECTION, RANGE } from './schema/records'

/** What there is to know of a projection. */
export function projection(p: i32): usize {
  return projections() + PROJECTION * <usize>p
}

/** Where the `RANGE` of the listed synapses into a lane group lies; 0: the projection has a row for every unit. */
export function listedIn(laneGroup: i32, p: i32): usize {
  const ranges = <usize>load<u32>(projection(p), LISTED_AT)
  return ranges == 0 ? 0 : ranges + RANGE * <usize>laneGroup
}
