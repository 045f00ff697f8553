import { GroupKernel, type KernelOptions } from '../../src/dynamics/group-kernel.js'
import { projectionsInto } from '../../src/dynamics/single-kernel.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { LifValues, LiValues } from '../../src/network/instance.js'
import { instantiate } from '../../src/network/instantiate.js'
import type { Network } from '../../src/network/network.js'
import { type Spike, trainsOf } from '../learning/trains.js'

/** The kernel of one group of a network. */
export function kernelFor(network: Network, group: string): GroupKernel {
  const instance = instantiate(network, 0)
  const values = instance.groups.find(({ name }) => name === group) as LifValues | LiValues
  return new GroupKernel(
    values,
    projectionsInto(instance, group).map((afferent) => afferent.values),
  )
}

export const WHOLE: KernelOptions = {
  trials: 1,
  until: 100,
  whole: true,
  gradients: true,
  stopAfterFirst: false,
  trackSilent: false,
  undefinedSlope: 'refuse',
}

/** One batch of a stream, one list of spikes per trial. */
export function batchOf(trials: readonly (readonly Spike[])[], [start, end] = [0, 100], sequence = 0): SpikeBatch {
  return { stream: 'in', sequence, window: { start, end }, ...trainsOf(trials) }
}
