import type { SpikeTrains } from '../../src/events/spike-trains.js'

/** Trials of a mini-batch, from one up to another. */
export function trialsOf({ offsets, times, units }: SpikeTrains, from: number, to: number): SpikeTrains {
  const [start, end] = [offsets[from]!, offsets[to]!]
  return {
    offsets: offsets.slice(from, to + 1).map((offset) => offset - start),
    times: times.slice(start, end),
    units: units.slice(start, end),
  }
}
