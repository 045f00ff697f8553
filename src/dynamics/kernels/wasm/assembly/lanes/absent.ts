import { absent } from '../schema/header'
import { RANGE, RANGE_END, RANGE_START } from '../schema/records'

/** Writes a value at the pairs of a lane group that have no synapse, in rows of lanes: what stands in the parameters never counts. */
export function maskAbsent(laneGroup: i32, rows: usize, value: f64): void {
  if (absent() == 0) return
  const range = absent() + RANGE * <usize>laneGroup
  const end = <usize>load<u32>(range, RANGE_END)
  for (let pair = <usize>load<u32>(range, RANGE_START); pair < end; pair += 4)
    store<f64>(rows + <usize>load<u32>(pair), value)
}
