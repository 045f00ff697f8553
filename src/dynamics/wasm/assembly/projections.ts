import { projections } from './schema/plan'
import { LISTED_AT, PROJECTION, RANGE } from './schema/records'

/** What there is to know of a projection. */
export function projection(p: i32): usize {
  return projections() + PROJECTION * <usize>p
}

/** Where the `RANGE` of the listed synapses into an octet lies; 0: the projection has a row for every unit. */
export function listedIn(octet: i32, p: i32): usize {
  const ranges = <usize>load<u32>(projection(p), LISTED_AT)
  return ranges == 0 ? 0 : ranges + RANGE * <usize>octet
}
