import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { KernelGradient } from '../../../dynamics/kernels/kernel-parameters.js'
import type { RunNoise } from '../../../learning/noise/run-noise.js'
import type { Network } from '../../../network/description/network.js'
import type { Stopwatch } from '../../group/timed-component.js'
import { createKernelNoise } from './kernel-noise.js'

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
