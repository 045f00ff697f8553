/**
 * Spikes of one group over several trials, as flat arrays.
 *
 * Trial `b` owns the entries `offsets[b] … offsets[b + 1] - 1`; inside a trial spikes are ordered by
 * (time, unit, spike number). Times in ms. Immutable once emitted.
 */
export interface SpikeTrains {
  /** Length trials + 1. */
  readonly offsets: Uint32Array
  readonly times: Float64Array
  readonly units: Uint32Array
}

/** The same spikes in arrays of their own. */
export function copyOfTrains({ offsets, times, units }: SpikeTrains): SpikeTrains {
  return { offsets: offsets.slice(), times: times.slice(), units: units.slice() }
}
