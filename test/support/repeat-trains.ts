import type { SpikeTrains } from '../../src/events/spike-trains.js'

/** So many trials: those given, over and over. */
export function repeatTrains(trains: SpikeTrains, trials: number): SpikeTrains {
  const given = trains.offsets.length - 1
  const spikes = Array.from({ length: trials }, (_, trial) => ({
    from: trains.offsets[trial % given]!,
    to: trains.offsets[(trial % given) + 1]!,
  }))
  const offsets = new Uint32Array(trials + 1)
  for (const [trial, { from, to }] of spikes.entries()) offsets[trial + 1] = offsets[trial]! + to - from
  return {
    offsets,
    times: Float64Array.from(spikes.flatMap(({ from, to }) => [...trains.times.subarray(from, to)])),
    units: Uint32Array.from(spikes.flatMap(({ from, to }) => [...trains.units.subarray(from, to)])),
  }
}
