import { InternalError } from '../events/errors.js'
import type { ComponentKernel } from './component-kernel.js'
import type { Kernel } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import { PerturbedInputs } from './noise/perturbed-inputs.js'
import { sumAnswers } from './projection-answers.js'

/**
 * A component of one group, or of a slice of it; a projection onto itself is an input like any other.
 *
 * @param windowed creates the kernel that runs in windows what `kernel` can only run in whole trials; default: the same.
 *   Parameters are those of `kernel`.
 */
export function createSingleKernel(kernel: Kernel, windowed: () => Kernel = () => kernel): ComponentKernel {
  /** Spikes of every `advance` that is not undone. */
  const counts: number[] = []
  const gate = new PerturbedInputs(kernel.inputs, () => kernel.synapses)
  let other: Kernel | null = null
  let running = kernel
  let keepsCounts = false
  let undoes: 'the last' | 'the first' = 'the last'

  /** Chooses who runs. */
  function begun(options: KernelOptions): Kernel {
    const { whole, gradients, microBatch } = options
    if (microBatch !== undefined && !kernel.runsMicroBatches)
      throw new InternalError(`The kernel of "${kernel.values.name}" runs all trials at once.`)
    gate.begin(options)
    counts.length = 0
    keepsCounts = gradients
    undoes = microBatch === undefined ? 'the last' : 'the first'
    if (!whole) other ??= windowed()
    running = whole ? kernel : (other ?? kernel)
    if (running !== kernel) {
      running.parameters.set(kernel.parameters)
      running.parametersChanged()
    }
    return running
  }

  return {
    kernels: [kernel],
    inputs: kernel.inputs,
    smallestDelays: () => running.smallestDelays(),
    begin(options) {
      const chosen = options(kernel)
      begun(chosen).begin(chosen)
    },
    reach: (horizon) => running.reach(horizon),
    resume(options, start, [state]) {
      const chosen = options(kernel)
      if (state === undefined) throw new InternalError(`There is no state of "${kernel.values.name}" to go on from.`)
      begun(chosen).resume(chosen, start, state)
    },
    saveStates: () => [running.saveState()],
    receive: (input, batch) => running.receive(input, gate.perturb(input, batch)),
    advance(horizon) {
      const spikes = running.advance(horizon, horizon)
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
