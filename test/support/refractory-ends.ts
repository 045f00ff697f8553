import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues } from '../../src/network/instance.js'
import type { KernelCase } from './kernel-case.js'

/** When the refractory periods after the spikes of a case end, if that is before the trial does. */
export function refractoryEnds({ instance, until }: KernelCase, { times, units }: SpikeTrains): readonly number[] {
  const group = instance.groups.find(({ kind }) => kind === 'lif') as LifValues | undefined
  return Array.from(times).flatMap((time, k) => {
    const period = group?.refractory[units[k]!] ?? 0
    return period > 0 && time + period < until ? [time + period] : []
  })
}
