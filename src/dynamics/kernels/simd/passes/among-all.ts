import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { TrialRange } from '../../../../events/trial-range.js'

/** Spikes of some trials with offsets for all of the run. */
export function amongAll({ offsets: own, times, units }: SpikeTrains, range: TrialRange, trials: number): SpikeTrains {
  if (range.start === 0 && range.end === trials) return { offsets: own, times, units }
  const offsets = new Uint32Array(trials + 1)
  offsets.set(own, range.start)
  offsets.fill(times.length, range.end)
  return { offsets, times, units }
}
