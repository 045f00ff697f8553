import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../../src/dynamics/kernels/kernel-options.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import type { Network } from '../../../src/network/description/network.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { type Spike, trainsOf } from '../../learning/trains.js'

/** The kernel of one group of a network. */
export function kernelFor(network: Network, group: string, kind: KernelKind = 'reference'): Kernel {
  return chosenKernelOfGroup(kind, instantiate(network, 0), group)
}

export const WHOLE: KernelOptions = {
  trials: 1,
  until: 100,
  whole: true,
  gradients: true,
  stopAfterFirst: false,
  trackSilent: false,
  undefinedSlope: 'refuse',
  beat: () => undefined,
}

/** One batch of a stream, one list of spikes per trial. */
export function batchOf(trials: readonly (readonly Spike[])[], [start, end] = [0, 100], sequence = 0): SpikeBatch {
  return { stream: 'in', sequence, window: { start, end }, ...trainsOf(trials) }
}
