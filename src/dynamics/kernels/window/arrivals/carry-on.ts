import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { ARRIVAL } from '../../wasm/schema/window-records.js'
import type { WindowTrial } from '../neurons/window-trial.js'
import type { SourceRows } from '../rows/source-rows.js'
import type { ArrivalBin } from './arrival-bins.js'

/**
 * Spikes of a bin whose rows have later arrivals, too, come up again in the next one.
 *
 * @param at where the arrivals of the bin lie, once the kernel has prepared them
 */
export function carryOn(
  { u32 }: KernelMemory,
  at: number,
  bin: ArrivalBin,
  rowsOf: (projection: number) => SourceRows,
  { arrivals, next }: Pick<WindowTrial, 'arrivals'> & { readonly next: number },
): void {
  for (let k = 0; k < bin.count; k++) {
    const projection = bin.projections[k] as number
    const rows = rowsOf(projection)
    if (rows.delayAt === 0) continue
    const unit = bin.units[k] as number
    const end = u32[(at + ARRIVAL.size * k + ARRIVAL.at.end) / 4] as number
    const stop = rows.records + rows.stride * (u32[rows.rows / 4 + unit + 1] as number)
    const [sent, time, slot] = [bin.sent[k] as number, bin.times[k] as number, bin.slots[k] as number]
    if (end < stop) arrivals.add({ sent, time, projection, unit, number: next, first: end, slot })
  }
}
