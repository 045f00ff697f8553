import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { DeviceNoise } from '../../learning/noise/device-noise.js'
import { createDeviceDraws } from '../../learning/noise/mismatch.js'
import {
  movesParameters,
  type PerturbedNumbers,
  perturbProjection,
  perturbThresholds,
} from '../../learning/noise/perturbed-numbers.js'
import type { RunNoise } from '../../learning/noise/run-noise.js'
import type { Network, Quantity } from '../../network/description/network.js'
import { isSpiking } from '../../network/models/models.js'
import { mismatchDraws } from './mismatch-draws.js'

/** What the kernel of a slice computes with in a noisy run. */
export interface PerturbedParameters {
  /** In the places of the kernel's parameters; limits of the network are not yet kept. */
  readonly values: Float64Array
  /** dp'/dp of each parameter, with rounding passed straight through; null where all are 1. */
  readonly factors: Float64Array | null
}

/** Perturbs the parameters of one slice as the noise of a run says. */
export interface ParameterNoise {
  /** Null where the noise leaves parameters alone. */
  perturb(noise: RunNoise): PerturbedParameters | null
}

/**
 * The parameter noise of a kernel, see `PerturbedNumbers`; weights out of groups with inverted dropout count 1 / (1 - p)
 * times.
 */
export function createParameterNoise(kernel: Kernel, network: Pick<Network, 'projections' | 'groups'>): ParameterNoise {
  const { projections } = network
  const drawsFor = createDeviceDraws((source, kinds) => mismatchDraws(kernel, source, kinds))

  function perturb(run: RunNoise): PerturbedParameters | null {
    const { layout, synapses, values, parameters } = kernel
    const sources = synapses.afferents.map(({ source }) => source)
    if (!movesParameters(run, sources)) return null
    const noise: DeviceNoise = run.device ?? { seed: 0 }
    const all = {
      values: parameters.slice(),
      factors: new Float64Array(layout.length).fill(1),
      draws: drawsFor(noise, run.draw),
    }
    for (const { key, order, source, base, count, delayBase, delayCount } of synapses.afferents) {
      const { weights: described } = projections[order] as Network['projections'][number]
      const weights = part(all, layout.weights + base, count)
      const delays = part(all, layout.delays + delayBase, delayCount)
      perturbProjection({ weights, delays }, run, source, { name: key, described })
    }
    if (isSpiking(values)) {
      const described = thresholdOf(network, values.name)
      perturbThresholds(part(all, layout.threshold, values.size), noise, { name: values.name, described })
    }
    const isLinear = all.factors.every((factor) => factor === 1)
    return { values: all.values, factors: isLinear ? null : all.factors }
  }

  return { perturb }
}

function part({ values, factors, draws }: PerturbedNumbers, from: number, count: number): PerturbedNumbers {
  const cut = (numbers: Float64Array) => numbers.subarray(from, from + count)
  return { values: cut(values), factors: cut(factors), draws: cut(draws) }
}

function thresholdOf({ groups }: Pick<Network, 'groups'>, name: string): Quantity {
  const group = groups.find((each) => each.name === name)
  return group !== undefined && isSpiking(group) ? group.threshold : 0
}
