import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Kernel, KernelAnswer } from '../kernel.js'
import type { KernelInput } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import type { Synapses } from '../synapses.js'
import { FateDraws } from './fate-draws.js'
import { perturbBatch, type SpikeCounts } from './perturb-batch.js'
import { answerOriginal } from './perturbed-batch.js'
import type { ProjectionNoise } from './spike-noise.js'

/** A noisy input in the run under way. */
interface NoisyInput {
  readonly noise: ProjectionNoise
  readonly fates: FateDraws
  readonly seen: SpikeCounts
}

interface Original {
  readonly batch: SpikeBatch
  readonly places: Int32Array
}

/** Stands before the inputs of a kernel: what comes meets with noise, and what is answered is told of what came. */
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
    const { batch: perturbed, places } = perturbBatch(batch, fates, seen, noise)
    if (this.keeps) this.originals.set(perturbed, { batch, places })
    return perturbed
  }

  /** The answers of the kernel, to the batches as they were sent. */
  restore(answers: readonly KernelAnswer[], { answerNodes }: Pick<Kernel, 'answerNodes'>): readonly KernelAnswer[] {
    if (this.originals.size === 0) return answers
    return answers.map((answer) => this.restored(answer, answerNodes.length))
  }

  private restored(answer: KernelAnswer, nodes: number): KernelAnswer {
    const original = this.originals.get(answer.batch)
    if (original === undefined) return answer
    const { batch, places } = original
    this.originals.delete(answer.batch)
    const values = answerOriginal(places, answer.values, nodes, batch.times.length)
    return { input: answer.input, batch, values }
  }
}
