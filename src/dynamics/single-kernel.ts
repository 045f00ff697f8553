import { InternalError } from '../events/errors.js'
import type { ComponentKernel } from './component-kernel.js'
import type { Kernel } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import { PerturbedInputs } from './noise/perturbed-inputs.js'
import { sumAnswers } from './projection-answers.js'

/** A component of one group, or of a slice of it; a projection onto itself is an input like any other. */
export function createSingleKernel(kernel: Kernel): ComponentKernel {
  /** Spikes of every `advance` that is not undone. */
  const counts: number[] = []
  const gate = new PerturbedInputs(kernel.inputs, () => kernel.synapses)
  let keepsCounts = false
  let undoes: 'the last' | 'the first' = 'the last'

  function prepare(options: KernelOptions): KernelOptions {
    const { gradients, microBatch } = options
    if (microBatch !== undefined && !kernel.runsMicroBatches)
      throw new InternalError(`The kernel of "${kernel.values.name}" runs all trials at once.`)
    gate.begin(options)
    counts.length = 0
    keepsCounts = gradients
    undoes = microBatch === undefined ? 'the last' : 'the first'
    return options
  }

  return {
    kernels: [kernel],
    inputs: kernel.inputs,
    smallestDelays: () => kernel.smallestDelays(),
    begin: (options) => kernel.begin(prepare(options(kernel))),
    reach: (horizon, promised) => kernel.reach(horizon, promised),
    resume(options, start, [state]) {
      if (state === undefined) throw new InternalError(`There is no state of "${kernel.values.name}" to go on from.`)
      kernel.resume(prepare(options(kernel)), start, state)
    },
    saveStates: () => [kernel.saveState()],
    receive: (input, batch) => kernel.receive(input, gate.perturb(input, batch)),
    advance(horizon) {
      const spikes = kernel.advance(horizon, horizon)
      if (keepsCounts) counts.push(spikes.times.length)
      return [spikes]
    },
    beginBackward: ([peakGradients = null]) => kernel.beginBackward(peakGradients),
    retreat([answers = []]) {
      const count = undoes === 'the last' ? counts.pop() : counts.shift()
      kernel.retreat(sumAnswers(count ?? 0, answers))
    },
    takeAnswers: () => gate.restore(kernel.takeAnswers(), kernel),
  }
}
