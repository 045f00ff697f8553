import type { KernelMaxima } from '../../kernel.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { LANE_COUNT, PEAK } from '../../wasm/schema/records.js'
import type { LaneShape } from '../layout/integral-room.js'

/** The maxima that a pass has noted from `address` on; they are those of V - bias. */
export function readMaxima(
  { f64 }: KernelMemory,
  address: number,
  { laneGroups, size, trials }: LaneShape,
  biases: Float64Array,
): KernelMaxima {
  const maxima = { values: new Float64Array(trials * size), times: new Float64Array(trials * size) }
  for (let trial = 0; trial < trials; trial++)
    for (let n = 0; n < size; n++) {
      const peak = address + PEAK.size * (LANE_COUNT * laneGroups * trial + n)
      const at = trial * size + n
      maxima.values[at] = (f64[(peak + PEAK.at.value) / 8] as number) + (biases[n] as number)
      maxima.times[at] = f64[(peak + PEAK.at.time) / 8] as number
    }
  return maxima
}
