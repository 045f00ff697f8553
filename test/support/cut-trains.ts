import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Slice } from '../../src/network/slices/blocks.js'

/** The spikes of some units (all by default), and their places among all spikes. */
export function unitsOf(
  trains: SpikeTrains,
  units: Slice = { start: 0, end: Number.POSITIVE_INFINITY },
): { readonly trains: SpikeTrains; readonly places: Int32Array } {
  const places = Int32Array.from(trains.times, (_, k) => k).filter((k) => {
    return trains.units[k]! >= units.start && trains.units[k]! < units.end
  })
  return {
    trains: {
      offsets: trains.offsets.map((offset) => places.filter((k) => k < offset).length),
      times: Float64Array.from(places, (k) => trains.times[k]!),
      units: Uint32Array.from(places, (k) => trains.units[k]!),
    },
    places,
  }
}

/** Spike trains cut into batches of consecutive windows; the last one takes the rest. */
export function cutTrains(trains: SpikeTrains, cuts: readonly number[], until: number): readonly SpikeBatch[] {
  const edges = [0, ...cuts, until]
  return edges.slice(1).map((end, sequence): SpikeBatch => {
    const start = edges[sequence]!
    const isLast = sequence === edges.length - 2
    const offsets = [0]
    const picked: number[] = []
    for (let trial = 0; trial + 1 < trains.offsets.length; trial++) {
      for (let k = trains.offsets[trial]!; k < trains.offsets[trial + 1]!; k++)
        if (trains.times[k]! >= start && (isLast || trains.times[k]! < end)) picked.push(k)
      offsets.push(picked.length)
    }
    return {
      stream: 'input',
      sequence,
      window: { start, end },
      offsets: Uint32Array.from(offsets),
      times: Float64Array.from(picked, (k) => trains.times[k]!),
      units: Uint32Array.from(picked, (k) => trains.units[k]!),
    }
  })
}
