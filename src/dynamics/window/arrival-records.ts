import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ARRIVAL } from '../wasm/schema/window-records.js'
import type { ArrivalCell } from './arrival-cells.js'

/** Writes the arrivals of a cell where the kernel looks for them. */
export function writeArrivals({ f64, u32 }: KernelMemory, at: number, cell: ArrivalCell): void {
  for (let k = 0; k < cell.count; k++) {
    const arrival = at + ARRIVAL.size * k
    f64[(arrival + ARRIVAL.at.time) / 8] = cell.times[k] as number
    u32[(arrival + ARRIVAL.at.projection) / 4] = cell.projections[k] as number
    u32[(arrival + ARRIVAL.at.row) / 4] = cell.units[k] as number
    u32[(arrival + ARRIVAL.at.first) / 4] = cell.firsts[k] as number
  }
}
