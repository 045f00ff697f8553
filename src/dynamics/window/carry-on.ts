import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ARRIVAL } from '../wasm/schema/window-records.js'
import type { ArrivalCell } from './arrival-cells.js'
import type { SourceRows } from './source-rows.js'
import type { WindowTrial } from './window-trial.js'

/**
 * Spikes of a cell whose rows have later arrivals, too, come up again in the next one.
 *
 * @param at address of the arrivals of the cell, as the kernel has left them
 * @param next number of the next cell
 */
export function carryOn(
  { u32 }: KernelMemory,
  at: number,
  cell: ArrivalCell,
  { arrivals }: WindowTrial,
  { next, rowsOf }: { readonly next: number; readonly rowsOf: (projection: number) => SourceRows },
): void {
  for (let k = 0; k < cell.count; k++) {
    const projection = cell.projections[k] as number
    const rows = rowsOf(projection)
    if (rows.delayAt === 0) continue
    const unit = cell.units[k] as number
    const end = u32[(at + ARRIVAL.at.end + ARRIVAL.size * k) / 4] as number
    const stop = rows.records + rows.stride * (u32[rows.rows / 4 + unit + 1] as number)
    const [sent, time, slot] = [cell.sent[k] as number, cell.times[k] as number, cell.slots[k] as number]
    if (end < stop) arrivals.add({ sent, time, projection, unit, number: next, first: end, slot })
  }
}
