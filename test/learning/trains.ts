import fc from 'fast-check'
import type { SpikeTrains } from '../../src/events/spike-trains.js'

export interface Spike {
  readonly time: number
  readonly unit: number
}

/** One list of spikes per trial as flat arrays, each trial in event order. */
export function trainsOf(trials: readonly (readonly Spike[])[]): SpikeTrains {
  const sorted = trials.map((trial) => trial.toSorted((a, b) => a.time - b.time || a.unit - b.unit))
  const flat = sorted.flat()
  const offsets = Uint32Array.from([0, ...sorted.map((_, index) => sorted.slice(0, index + 1).flat().length)])
  return {
    offsets,
    times: Float64Array.from(flat, ({ time }) => time),
    units: Uint32Array.from(flat, ({ unit }) => unit),
  }
}

/** Spikes of one trial whose times are at least 0.1 ms apart. */
export function arbitrarySpikes(size: number, latest = 30): fc.Arbitrary<readonly Spike[]> {
  const time = fc.integer({ min: 0, max: latest * 10 }).map((tenths) => tenths / 10)
  const spike = fc.record({ time, unit: fc.nat({ max: size - 1 }) })
  return fc.uniqueArray(spike, { selector: (each) => each.time, maxLength: 12 })
}
