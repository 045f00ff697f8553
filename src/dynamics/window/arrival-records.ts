import type { KernelMemory } from '../wasm/kernel-memory.js'
import type { ArrivalCell } from './arrival-cells.js'

/** Bytes, as assembly/window/arrivals.ts lays them out. */
export const ARRIVAL_BYTES = 48

/** Writes the arrivals of a cell where the kernel looks for them. */
export function writeArrivals({ f64, u32 }: KernelMemory, at: number, cell: ArrivalCell): void {
  for (let k = 0; k < cell.count; k++) {
    const arrival = at + ARRIVAL_BYTES * k
    f64[arrival / 8] = cell.times[k] as number
    u32[arrival / 4 + 4] = cell.projections[k] as number
    u32[arrival / 4 + 5] = cell.units[k] as number
    u32[arrival / 4 + 6] = cell.firsts[k] as number
  }
}
