import type { SpikeTrains } from './spike-trains.js'

/** The spikes of trials, one after the other. */
export function joinTrials(trials: number, parts: readonly Pick<SpikeTrains, 'times' | 'units'>[]): SpikeTrains {
  const offsets = new Uint32Array(trials + 1)
  parts.forEach(({ times }, trial) => {
    offsets[trial + 1] = (offsets[trial] as number) + times.length
  })
  const total = offsets[trials] as number
  const times = new Float64Array(total)
  const units = new Uint32Array(total)
  parts.forEach((part, trial) => {
    times.set(part.times, offsets[trial])
    units.set(part.units, offsets[trial])
  })
  return { offsets, times, units }
}
