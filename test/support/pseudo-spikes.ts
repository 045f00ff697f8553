import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { EmittedSpikes } from '../../src/events/emitted-spikes.js'
import type { DrawnKernelCase } from './kernel-case.js'

/** Runs group x of a case in whole trials. */
export function runForward(
  sample: DrawnKernelCase,
  kind: KernelKind,
  options: KernelOptions,
  kernel: Kernel = chosenKernelOfGroup(kind, sample.instance, 'x'),
): { readonly kernel: Kernel; readonly spikes: EmittedSpikes } {
  kernel.begin(options)
  const window = { start: 0, end: sample.until }
  kernel.inputs.forEach(({ source }, input) => {
    kernel.receive(input, { stream: source, sequence: 0, window, ...sample.trains[input]! })
  })
  return { kernel, spikes: kernel.advance(sample.until, sample.until) }
}
