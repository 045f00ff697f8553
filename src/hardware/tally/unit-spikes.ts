import type { SpikeTrains } from '../../events/spike-trains.js'
import { indicesByKey } from '../../numerics/indices-by-key.js'
import { stepOf } from '../../numerics/step-of.js'

/** The spikes of one group in one trial, unit by unit: those of unit u are starts[u] … starts[u + 1] - 1. */
export interface UnitSpikes {
  readonly starts: Uint32Array
  /** ms. */
  readonly times: Float64Array
  /** The step of each. */
  readonly steps: Uint32Array
}

/** One entry per trial. */
export function unitSpikes(
  { offsets, times, units }: SpikeTrains,
  size: number,
  tickMs: number,
): readonly UnitSpikes[] {
  return Array.from({ length: offsets.length - 1 }, (_, trial): UnitSpikes => {
    const { starts, indices } = indicesByKey(units, size, { from: offsets[trial] ?? 0, to: offsets[trial + 1] ?? 0 })
    const sorted = Float64Array.from(indices, (k) => times[k] as number)
    return { starts, times: sorted, steps: Uint32Array.from(sorted, (time) => stepOf(time, tickMs)) }
  })
}
