import type { NetworkInstance } from '../network/instance.js'
import type { ComponentKernel } from './component-kernel.js'
import type { SourceSlices } from './kernel-input.js'
import { kernelOfGroup } from './kernel-of-group.js'
import { sumAnswers } from './projection-answers.js'

/**
 * A component of one group, or of the slice that the instance holds of it; a projection onto itself is an input like any
 * other.
 *
 * @param sourceSlices how the sources of its projections are cut; default: each is whole
 */
export function createSingleKernel(
  instance: NetworkInstance,
  group: string,
  sourceSlices?: SourceSlices,
): ComponentKernel {
  const kernel = kernelOfGroup(instance, group, sourceSlices)
  const counts: number[] = []
  return {
    kernels: [kernel],
    inputs: kernel.inputs,
    smallestDelays: () => kernel.smallestDelays(),
    begin(options) {
      counts.length = 0
      kernel.begin(options(kernel))
    },
    receive: (input, batch) => kernel.receive(input, batch),
    advance(horizon) {
      const spikes = kernel.advance(horizon, horizon)
      counts.push(spikes.times.length)
      return [spikes]
    },
    beginBackward: ([peakGradients = null]) => kernel.beginBackward(peakGradients),
    retreat([answers = []]) {
      kernel.retreat(sumAnswers(counts.pop() ?? 0, answers))
    },
    takeAnswers: () => kernel.takeAnswers(),
  }
}
