import type { ComponentKernel } from './component-kernel.js'
import type { Kernel } from './kernel.js'
import { sumAnswers } from './projection-answers.js'

/** A component of one group, or of a slice of it; a projection onto itself is an input like any other. */
export function createSingleKernel(kernel: Kernel): ComponentKernel {
  const counts: number[] = []
  return {
    kernels: [kernel],
    inputs: kernel.inputs,
    smallestDelays: () => kernel.smallestDelays(),
    begin(options) {
      counts.length = 0
      kernel.begin(options(kernel))
    },
    reach: (horizon) => kernel.reach(horizon),
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
