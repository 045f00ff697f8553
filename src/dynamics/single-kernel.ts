import type { NetworkInstance } from '../network/instance.js'
import type { ComponentKernel } from './component-kernel.js'
import { kernelOfGroup } from './kernel-of-group.js'
import { sumAnswers } from './projection-answers.js'

/** A component of one group; a projection onto itself is an input like any other. */
export function createSingleKernel(instance: NetworkInstance, group: string): ComponentKernel {
  const { kernel, afferents } = kernelOfGroup(instance, group)
  const counts: number[] = []
  return {
    kernels: [kernel],
    inputs: afferents.map(({ order, values: { key, source } }) => ({ order, key, source })),
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
    takeAnswers: () =>
      kernel.takeAnswers().map(({ projection, batch, values: v }) => ({ input: projection, batch, values: v })),
  }
}
