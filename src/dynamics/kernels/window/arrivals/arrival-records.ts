import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { ARRIVAL } from '../../wasm/schema/window-records.js'
import type { ArrivalBin } from './arrival-bins.js'

/** Writes the arrivals of a bin where the kernel looks for them. */
export function writeArrivals({ f64, u32 }: KernelMemory, at: number, bin: ArrivalBin): void {
  for (let k = 0; k < bin.count; k++) {
    const arrival = at + ARRIVAL.size * k
    f64[(arrival + ARRIVAL.at.time) / 8] = bin.times[k] as number
    u32[(arrival + ARRIVAL.at.projection) / 4] = bin.projections[k] as number
    u32[(arrival + ARRIVAL.at.row) / 4] = bin.units[k] as number
    u32[(arrival + ARRIVAL.at.first) / 4] = bin.firsts[k] as number
  }
}
