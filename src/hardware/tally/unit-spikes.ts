import type { SpikeTrains } from '../../events/spike-trains.js'

/** The spikes of one group in one trial, by unit. */
export interface UnitSpikes {
  visit(unit: number, spike: (time: number) => void): void
}

/** One entry per trial. */
export function unitSpikes({ offsets, times, units }: SpikeTrains, size: number): readonly UnitSpikes[] {
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
    return {
      visit(unit, spike) {
        for (let k = starts[unit] as number; k < (starts[unit + 1] as number); k++) spike(sorted[k] as number)
      },
    }
  })
}
