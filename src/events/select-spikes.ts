import type { SpikeTrains } from './spike-trains.js'

/** Some of the spikes of given trains, and where each of them stands there. */
export interface SelectedSpikes {
  readonly trains: SpikeTrains
  readonly places: Uint32Array
}

/** The spikes that a condition holds for, by their places, in their order. */
export function selectSpikes(
  { offsets, times, units }: SpikeTrains,
  isSelected: (place: number) => boolean,
): SelectedSpikes {
  const chosen = new Uint32Array(times.length)
  const ends = new Uint32Array(offsets.length)
  let count = 0
  let place = 0
  offsets.forEach((end, trial) => {
    for (; place < end; place++) if (isSelected(place)) chosen[count++] = place
    ends[trial] = count
  })
  const places = chosen.slice(0, count)
  const selected = { times: new Float64Array(count), units: new Uint32Array(count) }
  for (let k = 0; k < count; k++) {
    selected.times[k] = times[places[k] as number] as number
    selected.units[k] = units[places[k] as number] as number
  }
  return { trains: { offsets: ends, ...selected }, places }
}

/** The spikes before a time, such as the end of the trials; the very same trains where none comes later. */
export function spikesBefore(until: number, trains: SpikeTrains): SpikeTrains {
  if (trains.times.every((time) => time < until)) return trains
  return selectSpikes(trains, (place) => (trains.times[place] as number) < until).trains
}
