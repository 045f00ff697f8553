import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ARRIVAL } from '../wasm/schema/window-records.js'
import type { ArrivalCell } from './arrival-cells.js'
import type { SourceRows } from './source-rows.js'
import type { WindowTrial } from './window-trial.js'

/**
 * Spikes of a cell whose rows have later arrivals, too, come up again in the next one.
 *
 * @param at where the arrivals of the cell lie, once the kernel has prepared them
 */
export function carryOn(
  { u32 }: KernelMemory,
  at: number,
  cell: ArrivalCell,
  rowsOf: (projection: number) => SourceRows,
  { arrivals, next }: Pick<WindowTrial, 'arrivals'> & { readonly next: number },
): void {
  for (let k = 0; k < cell.count; k++) {
    const projection = cell.projections[k] as number
    const rows = rowsOf(projection)
    if (rows.delayAt === 0) continue
    const unit = cell.units[k] as number
    const end = u32[(at + ARRIVAL.size * k + ARRIVAL.at.end) / 4] as number
    const stop = rows.records + rows.stride * (u32[rows.rows / 4 + unit + 1] as number)
    const [sent, time, slot] = [cell.sent[k] as number, cell.times[k] as number, cell.slots[k] as number]
    if (end < stop) arrivals.add({ sent, time, projection, unit, number: next, first: end, slot })
  }
}
