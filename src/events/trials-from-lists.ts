import type { SpikeTrains } from './spike-trains.js'

/** Spikes of trials, each a list in any order, as trains in event order. */
export function trialsFromLists(
  trials: readonly (readonly { readonly time: number; readonly unit: number }[])[],
): SpikeTrains {
  const offsets = new Uint32Array(trials.length + 1)
  trials.forEach(({ length }, trial) => {
    offsets[trial + 1] = (offsets[trial] as number) + length
  })
  const flat = trials.flatMap((spikes) => spikes.toSorted((a, b) => a.time - b.time || a.unit - b.unit))
  return {
    offsets,
    times: Float64Array.from(flat, ({ time }) => time),
    units: Uint32Array.from(flat, ({ unit }) => unit),
  }
}
