import type { SpikeTrains } from './spike-trains.js'

/** Some of the spikes of given trains, and where each of them stands there. */
export interface SelectedSpikes {
  readonly trains: SpikeTrains
  readonly places: Uint32Array
}

/** The spikes that a condition holds for, by their places, in their order. */
export function selectSpikes(trains: SpikeTrains, isSelected: (place: number) => boolean): SelectedSpikes {
  const places = Uint32Array.from(trains.times.keys()).filter(isSelected)
  const offsets = new Uint32Array(trains.offsets.length)
  let seen = 0
  trains.offsets.forEach((offset, trial) => {
    while (seen < places.length && (places[seen] as number) < offset) seen++
    offsets[trial] = seen
  })
  return {
    trains: {
      offsets,
      times: Float64Array.from(places, (k) => trains.times[k] as number),
      units: Uint32Array.from(places, (k) => trains.units[k] as number),
    },
    places,
  }
}
