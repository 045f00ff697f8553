import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { Synapses } from '../../../parameters/synapses.js'

/** When spikes that come through projection p are known, in ms; those that concern nobody never are. */
export function heardTimes(synapses: Synapses, p: number, { times, units }: Pick<SpikeTrains, 'times' | 'units'>) {
  if (synapses.hearsAll(p) || units.every((unit) => synapses.isHeard(p, unit))) return times
  return times.map((time, k) => (synapses.isHeard(p, units[k] as number) ? time : Number.POSITIVE_INFINITY))
}
