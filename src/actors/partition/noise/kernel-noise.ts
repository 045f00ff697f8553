import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { KernelGradient } from '../../../dynamics/kernels/kernel-parameters.js'
import { createParameterNoise, type PerturbedParameters } from '../../../hardware/noise/parameter-noise.js'
import { keepProjectionLimits, keepThresholdLimits } from '../../../learning/noise/perturbed-numbers.js'
import type { RunNoise } from '../../../learning/noise/run-noise.js'
import type { Network } from '../../../network/description/network.js'
import { signsOf } from '../../../network/description/sign.js'
import { isSpiking } from '../../../network/models/models.js'
import type { Stopwatch } from '../../group/stopwatch.js'

/** Lets a kernel compute with perturbed parameters for the time of a run. */
export interface KernelNoise {
  /** Before a run. Raises `InputError` NOISE_KERNEL where the kernel knows no noise. */
  apply(noise: RunNoise): void
  /** Makes of the gradient with respect to what the kernel computed with that of the exact parameters. */
  correct(gradient: KernelGradient): void
  /** After a run: the exact parameters are back. */
  release(): void
}

/**
 * What noise makes of parameters keeps the limits of the network, see `keepProjectionLimits` and `keepThresholdLimits`.
 *
 * @param cyclic keys of the projections that lie on a cycle
 */
export function createKernelNoise(kernel: Kernel, network: Network, cyclic: ReadonlySet<string>): KernelNoise {
  const noise = createParameterNoise(kernel, network)
  const signs = signsOf(network.projections)
  let exact: Float64Array | null = null
  let factors: Float64Array | null = null

  function keepLimits({ values, factors }: PerturbedParameters, before: Float64Array): void {
    const { layout, synapses, values: neurons } = kernel
    const cut = (numbers: Float64Array, from: number, count: number) => numbers.subarray(from, from + count)
    const part = (from: number, count: number) => ({
      values: cut(values, from, count),
      factors: factors && cut(factors, from, count),
    })
    for (const { key, base, count, delayBase, delayCount } of synapses.afferents) {
      const delaysAt = layout.delays + delayBase
      const numbers = { weights: part(layout.weights + base, count), delays: part(delaysAt, delayCount) }
      const limits = { sign: signs.get(key), isCyclic: cyclic.has(key) }
      keepProjectionLimits(numbers, cut(before, delaysAt, delayCount), limits)
    }
    if (isSpiking(neurons)) keepThresholdLimits(part(layout.threshold, neurons.size), neurons.vReset)
  }

  return {
    apply(run) {
      kernel.admitNoise()
      const perturbed = noise.perturb(run)
      if (perturbed === null) return
      exact = kernel.parameters.slice()
      factors = perturbed.factors
      keepLimits(perturbed, exact)
      kernel.parameters.set(perturbed.values)
      kernel.parametersChanged()
    },
    correct(gradient) {
      if (factors === null) return
      const vector = gradient.whole()
      for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] as number) * (factors[k] as number)
      gradient.changed()
    },
    release() {
      factors = null
      if (exact === null) return
      kernel.parameters.set(exact)
      kernel.parametersChanged()
      exact = null
    },
  }
}

export interface NoisyKernelsOptions {
  readonly kernels: readonly Kernel[]
  readonly network: Network
  /** Keys of the projections that lie on a cycle. */
  readonly cyclic: ReadonlySet<string>
  /** Adds up the time that it takes. */
  readonly watch: Stopwatch
}

/** What noise makes of the parameters of a partition. */
export interface NoisyKernels {
  /**
   * Does something while all kernels compute with perturbed parameters; the exact ones are back afterwards, whatever came
   * of it.
   */
  under<Result>(noise: RunNoise | undefined, work: () => Promise<Result>): Promise<Result>
  /** Makes of gradients those of the exact parameters. */
  correct(gradients: ReadonlyMap<Kernel, KernelGradient>): void
}

export function createNoisyKernels({ kernels, network, cyclic, watch }: NoisyKernelsOptions): NoisyKernels {
  const noises = kernels.map((kernel) => [kernel, createKernelNoise(kernel, network, cyclic)] as const)
  return {
    async under(noise, work) {
      if (noise === undefined) return work()
      try {
        watch.measure(() => {
          for (const [, each] of noises) each.apply(noise)
        })
        return await work()
      } finally {
        watch.measure(() => {
          for (const [, each] of noises) each.release()
        })
      }
    },
    correct(gradients) {
      for (const [kernel, each] of noises) {
        const gradient = gradients.get(kernel)
        if (gradient !== undefined) each.correct(gradient)
      }
    },
  }
}
