import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues } from '../../src/network/instance/instance.js'
import type { KernelCase } from './kernel-case.js'

/** When the refractory periods after the spikes of x end, if that is before the trial does. */
export function refractoryEnds(
  { instance, until }: Pick<KernelCase, 'instance' | 'until'>,
  { times, units }: SpikeTrains,
): readonly number[] {
  const { refractory } = instance.groups.find(({ name }) => name === 'x') as Partial<LifValues>
  return Array.from(times).flatMap((time, k) => {
    const period = refractory?.[units[k]!] ?? 0
    return period > 0 && time + period < until ? [time + period] : []
  })
}
