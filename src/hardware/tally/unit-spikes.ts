import type { SpikeTrains } from '../../events/spike-trains.js'
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
    const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
    const starts = new Uint32Array(size + 1)
    for (let k = from; k < to; k++) starts[(units[k] as number) + 1] = (starts[(units[k] as number) + 1] as number) + 1
    for (let unit = 0; unit < size; unit++) starts[unit + 1] = (starts[unit + 1] as number) + (starts[unit] as number)
    const next = starts.slice(0, size)
    const sorted = new Float64Array(to - from)
    for (let k = from; k < to; k++) {
      const unit = units[k] as number
      sorted[next[unit] as number] = times[k] as number
      next[unit] = (next[unit] as number) + 1
    }
    return { starts, times: sorted, steps: Uint32Array.from(sorted, (time) => stepOf(time, tickMs)) }
  })
}
