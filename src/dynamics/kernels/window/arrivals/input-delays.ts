import type { KernelInput } from '../../../inputs/kernel-input.js'
import { leastDelayOf } from '../rows/source-rows.js'
import type { WindowForm } from '../window-form.js'

/** The smallest delay in ms of each input's synapses; Infinity where nobody is heard. */
export function leastDelays({ neurons, rows, delays }: WindowForm, inputs: readonly KernelInput[]): readonly number[] {
  return inputs.map(({ projection, units }) => {
    const delayOf = delays[projection] ?? null
    const own = rows[projection]?.rows
    if (delayOf === null && own !== undefined) return leastDelayOf(neurons.engine.memory, own, units)
    let least = Number.POSITIVE_INFINITY
    for (let unit = units.start; unit < units.end; unit++) least = Math.min(least, delayOf?.(unit) ?? 0)
    return least
  })
}
