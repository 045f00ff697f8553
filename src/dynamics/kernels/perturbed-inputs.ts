import type { SpikeBatch } from '../../events/spike-batch.js'
import { FateDraws } from '../noise/fate-draws.js'
import { perturbBatch, restoreOriginal, type SpikeCounts } from '../noise/perturb-batch.js'
import type { ProjectionNoise } from '../noise/spike-noise.js'
import type { Synapses } from '../parameters/synapses.js'
import type { KernelInput } from '../timeline/kernel-input.js'
import type { ReturnedGradients } from '../timeline/received-batches.js'
import type { Kernel } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'

/** A noisy input in the current run. */
interface NoisyInput {
  readonly noise: ProjectionNoise
  readonly fates: FateDraws
  readonly seen: SpikeCounts
}

interface Original {
  readonly batch: SpikeBatch
  readonly places: Int32Array
}

/** Stands before the inputs of a kernel: what comes meets with noise, and gradients return for what came. */
export class PerturbedInputs {
  private readonly inputs: readonly KernelInput[]
  private readonly synapses: () => Synapses
  private noisy: readonly (NoisyInput | null)[] | null = null
  private keeps = false
  private readonly originals = new Map<SpikeBatch, Original>()

  /** @param synapses asked for in noisy runs only */
  constructor(inputs: readonly KernelInput[], synapses: () => Synapses) {
    this.inputs = inputs
    this.synapses = synapses
  }

  begin({ spikeNoise, trials, gradients }: KernelOptions): void {
    this.originals.clear()
    this.noisy = null
    this.keeps = gradients
    if (spikeNoise === undefined) return
    this.noisy = this.inputs.map(({ projection, units }) => {
      const noise = spikeNoise.projections[projection] ?? null
      if (noise === null) return null
      const total = this.synapses().afferents[projection]?.sourceSize as number
      const size = units.end - units.start
      const seen = { start: units.start, size, counts: new Uint32Array(trials * size) }
      return { noise, fates: new FateDraws(noise.fates, spikeNoise, trials, total), seen }
    })
  }

  /** What arrives of a batch. */
  perturb(input: number, batch: SpikeBatch): SpikeBatch {
    const noisy = this.noisy?.[input] ?? null
    if (noisy === null) return batch
    const { noise, fates, seen } = noisy
    const { batch: moved, places } = perturbBatch(batch, fates, seen, noise)
    if (this.keeps) this.originals.set(moved, { batch, places })
    return moved
  }

  /** The gradients from the kernel, of the batches as they were sent. */
  restore(returned: readonly ReturnedGradients[], { layout }: Pick<Kernel, 'layout'>): readonly ReturnedGradients[] {
    if (this.originals.size === 0) return returned
    return returned.map((gradients) => this.restored(gradients, layout.returnedNodes.length))
  }

  private restored(gradients: ReturnedGradients, nodes: number): ReturnedGradients {
    const original = this.originals.get(gradients.batch)
    if (original === undefined) return gradients
    const { batch, places } = original
    this.originals.delete(gradients.batch)
    const values = restoreOriginal(places, gradients.values, nodes, batch.times.length)
    return { input: gradients.input, batch, values }
  }
}
