import type { SpikeTrains } from './spike-trains.js'

/** The same spikes in arrays of their own. */
export function copyOfTrains({ offsets, times, units }: SpikeTrains): SpikeTrains {
  return { offsets: offsets.slice(), times: times.slice(), units: units.slice() }
}
