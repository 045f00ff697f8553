import { type ComponentKernel, createSingleKernel } from '../../src/dynamics/kernels/component-kernel.js'
import { createFusedKernel } from '../../src/dynamics/kernels/fused-kernel.js'
import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { KernelState } from '../../src/dynamics/kernels/kernel-state.js'
import { EXPLICIT } from '../../src/dynamics/kernels/returned-events.js'
import type { ArrivalSharing } from '../../src/dynamics/parameters/synapses.js'
import type { SourceSlices } from '../../src/dynamics/timeline/kernel-input.js'
import type { DrivenKernel } from './drive-kernel.js'
import type { KernelCase } from './kernel-case.js'

/** The group of a case that runs event by event: what it sends itself never leaves it. */
export function fusedGroup(
  { instance }: KernelCase,
  kind: KernelKind,
  sources?: SourceSlices,
  feed?: ArrivalSharing,
): DrivenKernel {
  const kernelOf = () => chosenKernelOfGroup(kind, instance, 'x', sources, undefined, feed)
  return driven(createFusedKernel(instance, ['x'], sources, kernelOf))
}

/** The group of a case behind what chance does to its input. */
export function singleGroup(
  { instance }: KernelCase,
  kind: KernelKind,
  sources?: SourceSlices,
  feed?: ArrivalSharing,
): DrivenKernel {
  return driven(createSingleKernel(chosenKernelOfGroup(kind, instance, 'x', sources, undefined, feed)))
}

/** A component of one group. */
function driven(component: ComponentKernel): DrivenKernel {
  const [kernel] = component.kernels as [Kernel]
  const outside = new Set(component.inputs.map(({ order }) => order))
  const inputs = kernel.inputs.filter(({ order }) => outside.has(order))
  return {
    ...{ values: kernel.values, layout: kernel.layout, inputs },
    get parameters() {
      return kernel.parameters
    },
    parametersChanged: () => kernel.parametersChanged(),
    smallestDelays: () => component.smallestDelays(),
    begin: (options: KernelOptions) => component.begin(() => options),
    resume: (options: KernelOptions, start: number, state: KernelState) =>
      component.resume(() => options, start, [state]),
    saveState: () => component.saveState()[0]!,
    receive: (input, batch) => component.receive(input, batch),
    reach: (horizon) => component.reach(horizon),
    advance: (horizon) => component.advance(horizon)[0]!,
    nextEvent: () => kernel.nextEvent(),
    beginBackward: (peakGradients) => component.beginBackward([peakGradients]),
    backward: (deltas) => component.backward([[{ ...EXPLICIT, values: deltas }]]),
    takeReturned: () => component.takeReturned(),
    finishGradient: () => kernel.finishGradient(),
    sumTrials: () => kernel.sumTrials(),
    closeGradient: () => kernel.closeGradient(),
    maxima: () => kernel.maxima(),
    integrals: () => kernel.integrals(),
    isSilent: (trial, n) => kernel.isSilent(trial, n),
    get grazing() {
      return kernel.grazing
    },
  }
}
