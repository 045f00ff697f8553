import { projections } from './schema/plan'
import { PROJECTION } from './schema/records'

/** What there is to know of a projection. */
export function projection(p: i32): usize {
  return projections() + PROJECTION * <usize>p
}
