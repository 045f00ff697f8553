import { windowKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import { binLength, type WindowTaus } from '../../src/dynamics/kernels/window/bins/bin-grid.js'
import { type WindowGroup, windowGroups } from '../../src/dynamics/kernels/window/window-groups.js'
import type { WindowKernel } from '../../src/dynamics/kernels/window/window-kernel.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Network } from '../../src/network/description/network.js'
import type { LifValues } from '../../src/network/instance/instance.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import type { Slice } from '../../src/network/slices/blocks.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'
import { PoissonReference } from './poisson-reference.js'

export const SEED = 5

export function windowGroupOf(network: Network, group: string): WindowGroup {
  const windowGroup = windowGroups(network, 'simd').get(group)
  if (windowGroup === undefined) throw new Error(`"${group}" does not run on the window kernel`)
  return windowGroup
}

/** Length in ms of the bins that the window kernel of a group has by its description. */
export function windowBin(network: Network, group: string): number {
  const { tauMem, tauSyn } = network.groups.find(({ name }) => name === group) as unknown as WindowTaus
  return binLength({ tauMem, tauSyn })
}

/** The window kernel of a group or a slice of it. */
export function windowKernel(network: Network, group: string, slice?: Slice): WindowKernel {
  const { size } = network.groups.find(({ name }) => name === group)!
  const instance = instantiate(network, SEED, [{ group, start: 0, end: size, ...slice }])
  return windowKernelOfGroup(windowGroupOf(network, group), instance, group, SEED)
}

/** The reference kernel of the same group. */
export function poissonReference(network: Network, group: string): PoissonReference {
  const { groups, projections } = instantiate(network, SEED)
  const values = groups.find(({ name }) => name === group) as LifValues
  const { poissonInputs } = windowGroupOf(network, group)
  const incoming = projections.filter(({ target }) => target === group)
  return new PoissonReference({ values, projections: incoming, poissonInputs, seed: SEED, sourceSlices: undefined })
}

export function forwardOptions(until: number, options: Partial<KernelOptions> = {}): KernelOptions {
  return {
    ...{ trials: 1, until, whole: false, gradients: false, stopAfterFirst: false, trackSilent: false },
    ...{ undefinedSlope: 'ignore', beat: () => undefined },
    ...options,
  }
}

/** Random spikes of a source, at `rate` kHz per unit. */
export function randomTrains(size: number, rate: number, until: number, trials: number, name: string): SpikeTrains {
  const stream = createRandomStream(SEED, name)
  const [times, units, offsets]: number[][] = [[], [], [0]]
  let index = 0
  for (let trial = 0; trial < trials; trial++) {
    const own = Array.from({ length: Math.round(size * rate * until) }, () => stream.uniform(index++) * until)
    for (const time of own.sort((a, b) => a - b)) {
      times!.push(time)
      units!.push(stream.integer(index++, size))
    }
    offsets!.push(times!.length)
  }
  return { times: Float64Array.from(times!), units: Uint32Array.from(units!), offsets: Uint32Array.from(offsets!) }
}

export function batchOf(trains: SpikeTrains, until: number): SpikeBatch {
  return { stream: 'input', sequence: 0, window: { start: 0, end: until }, ...trains }
}

/** Spike times per (trial, neuron), of a group of so many. */
export function trainsByNeuron(parts: readonly SpikeTrains[], size: number): readonly (readonly number[])[] {
  const trials = parts[0]!.offsets.length - 1
  const lists = Array.from({ length: trials * size }, (): number[] => [])
  for (const { offsets, times, units } of parts)
    for (let trial = 0; trial < trials; trial++)
      for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) lists[trial * size + units[k]!]!.push(times[k]!)
  return lists
}
