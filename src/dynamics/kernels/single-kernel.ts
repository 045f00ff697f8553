import { InternalError } from '../../events/errors.js'
import type { ComponentKernel } from './component-kernel.js'
import type { Kernel } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import { PerturbedInputs } from './perturbed-inputs.js'
import { sumReturned } from './returned-events.js'
import { NO_OPERATORS, type OperatorsOf, RoutedInputs } from './routed-inputs.js'
import { SpikeLimiter } from './spike-limiter.js'

/**
 * A component of one group, or of a slice of it; a projection onto itself is an input like any other.
 *
 * @param operatorsOf the operators of a projection; default: none
 */
export function createSingleKernel(kernel: Kernel, operatorsOf: OperatorsOf = NO_OPERATORS): ComponentKernel {
  /** Spikes of every `advance` that is not undone. */
  const counts: number[] = []
  const noisyInputs = new PerturbedInputs(kernel.inputs, () => kernel.synapses)
  const routes = new RoutedInputs(kernel.inputs, operatorsOf)
  const limiter = new SpikeLimiter(kernel.values)
  let keepsCounts = false
  let undoes: 'the last' | 'the first' = 'the last'

  function prepare(options: KernelOptions): KernelOptions {
    const { gradients, microBatch } = options
    if (microBatch !== undefined && !kernel.runsMicroBatches)
      throw new InternalError(`The kernel of "${kernel.values.name}" runs all trials at once.`)
    noisyInputs.begin(options)
    routes.begin(options)
    limiter.begin(options)
    counts.length = 0
    keepsCounts = gradients
    undoes = microBatch === undefined ? 'the last' : 'the first'
    return options
  }

  return {
    kernels: [kernel],
    inputs: kernel.inputs,
    smallestDelays: () => kernel.smallestDelays().map((delay, input) => routes.smallestDelay(input, delay)),
    begin: (options) => kernel.begin(prepare(options(kernel))),
    reach: (horizon, promised) => kernel.reach(horizon, promised),
    resume(options, start, [state]) {
      if (state === undefined) throw new InternalError(`There is no state of "${kernel.values.name}" to go on from.`)
      const prepared = prepare(options(kernel))
      const resumed = routes.resume(state, start)
      kernel.resume(prepared, start, resumed.state)
      for (const [input, batch] of resumed.batches) kernel.receive(input, noisyInputs.perturb(input, batch))
    },
    saveStates: () => [routes.saved(kernel.saveState())],
    nextEvent: () => Math.min(kernel.nextEvent(), routes.nextLeaving()),
    receive: (input, batch) => kernel.receive(input, noisyInputs.perturb(input, routes.route(input, batch))),
    advance(horizon) {
      const spikes = kernel.advance(horizon, horizon)
      limiter.count(spikes)
      if (keepsCounts) counts.push(spikes.times.length)
      return [spikes]
    },
    beginBackward: ([peakGradients = null]) => kernel.beginBackward(peakGradients),
    backward([returned = []]) {
      const count = undoes === 'the last' ? counts.pop() : counts.shift()
      kernel.backward(sumReturned(count ?? 0, returned))
    },
    takeReturned: () => routes.restore(noisyInputs.restore(kernel.takeReturned(), kernel), kernel),
  }
}
