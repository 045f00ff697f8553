import type { SpikeTrains } from './spike-trains.js'

export interface TrialSpike {
  /** In ms. */
  readonly time: number
  readonly unit: number
}

/** The spikes of trials, in whatever order those of each are, as trains: each trial in the order of (time, unit). */
export function trainsOfTrials(trials: readonly (readonly TrialSpike[])[]): SpikeTrains {
  const offsets = new Uint32Array(trials.length + 1)
  for (const [trial, { length }] of trials.entries()) offsets[trial + 1] = (offsets[trial] as number) + length
  const spikes = trials.flatMap((trial) => trial.toSorted((a, b) => a.time - b.time || a.unit - b.unit))
  return {
    offsets,
    times: Float64Array.from(spikes, ({ time }) => time),
    units: Uint32Array.from(spikes, ({ unit }) => unit),
  }
}
