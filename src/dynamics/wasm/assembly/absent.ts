import { absent } from './schema/plan'
import { RANGE, RANGE_END, RANGE_START } from './schema/records'

/** Writes a value at the pairs of an octet that have no synapse, in rows of lanes: what stands in the parameters never counts. */
export function maskAbsent(octet: i32, rows: usize, value: f64): void {
  if (absent() == 0) return
  const range = absent() + RANGE * <usize>octet
  const end = <usize>load<u32>(range, RANGE_END)
  for (let pair = <usize>load<u32>(range, RANGE_START); pair < end; pair += 4)
    store<f64>(rows + <usize>load<u32>(pair), value)
}
