import { expect } from 'vitest'
import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup, windowKernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import type { ArrivalSharing } from '../../../src/dynamics/parameters/synapses.js'
import type { ProjectionValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import type { Slice } from '../../../src/network/slices/blocks.js'
import type { KernelSubject } from '../../suites/kernel/kernel-subject.js'
import { attainableTimes } from '../../support/attainable-times.js'
import { ANY, BY_RULE, having, SIMD, UNSCALED_BY_RULE, without } from '../../support/case-ranges.js'
import { fusedGroup, singleGroup } from '../../support/component-group.js'
import type { CaseRange, DrawnKernelCase } from '../../support/kernel-case.js'
import { windowGroupOf } from '../../support/window-case.js'
import { windowBounds } from '../../support/window-times.js'

function sliceOf({ network, seed }: DrawnKernelCase, slice: Slice) {
  return instantiate(network, seed, [{ group: 'x', ...slice }])
}

function ofGroup(
  kind: KernelKind,
  feed?: ArrivalSharing,
): Pick<KernelSubject, 'kernelOf'> & Required<Pick<KernelSubject, 'noisy' | 'sliceOf'>> {
  return {
    noisy: (sample, sources) => singleGroup(sample, kind, sources, feed),
    kernelOf: ({ instance }) => chosenKernelOfGroup(kind, instance, 'x', undefined, undefined, feed),
    sliceOf: (sample, slice, sourceSlices) => {
      return chosenKernelOfGroup(kind, sliceOf(sample, slice), 'x', sourceSlices, undefined, feed)
    },
  }
}

export const reference: KernelSubject = {
  name: 'the reference kernel',
  can: [
    'gradients',
    'windows',
    'instants',
    'segments',
    'stepwise',
    'sums as whole',
    'windowed integrals',
    'parameters',
    'many spikes',
  ],
  accuracy: 'reference',
  cases: ANY,
  loops: having('recurrent input', ANY.lif),
  ...ofGroup('reference'),
}

/** The fused kernel over kernels of some kind, held to cases in which little happens: it takes its time. */
function fusedOver(
  kind: KernelKind,
  range: CaseRange,
  feed?: ArrivalSharing,
): Omit<KernelSubject, 'name' | 'accuracy'> {
  const small = { ...range, isSmall: true }
  return {
    can: ['gradients', 'windows', 'segments', 'stepwise', 'sums as whole', 'parameters'],
    cases: { lif: without('recurrent input', small) },
    loops: having('recurrent input', { ...small, may: [...small.may, 'loops without delay'] }),
    kernelOf: (sample) => fusedGroup(sample, kind, undefined, feed),
    noisy: (sample, sources) => fusedGroup(sample, kind, sources, feed),
    unlooped: ofGroup(kind, feed).kernelOf,
  }
}

export const fused: KernelSubject = {
  name: 'the fused kernel',
  accuracy: 'same bits',
  ...fusedOver('reference', without('many rows', ANY.lif)),
}

const simd = {
  can: ['gradients', 'windows', 'instants', 'segments', 'stepwise', 'parameters', 'many spikes'],
  accuracy: attainableTimes,
} as const satisfies Partial<KernelSubject>

export const shared: KernelSubject = {
  ...simd,
  ...ofGroup('simd', 'shared'),
  name: 'the SIMD kernel, shared feed',
  cases: SIMD.shared,
  loops: having('recurrent input', SIMD.shared.lif),
}

export const fusedSimd: KernelSubject = {
  name: 'the fused kernel over SIMD kernels',
  accuracy: attainableTimes,
  ...fusedOver('simd', without('many absent pairs', SIMD.own.lif)),
}

const TWO_CURRENTS = without('many absent pairs', without('taus per neuron', having('two currents', SIMD.shared.lif)))

export const fusedTwoCurrents: KernelSubject = {
  name: 'the fused kernel over SIMD kernels with two currents',
  accuracy: attainableTimes,
  ...fusedOver('simd', TWO_CURRENTS, 'shared'),
}

export const own: KernelSubject = {
  ...simd,
  ...ofGroup('simd', 'own'),
  name: 'the SIMD kernel, own feed',
  cases: SIMD.own,
  loops: having('recurrent input', SIMD.own.lif),
}

export const window: KernelSubject = {
  name: 'the window kernel',
  can: ['gradients', 'windows', 'segments', 'stepwise', 'sums as whole', 'parameters', 'many spikes'],
  accuracy: windowBounds,
  cases: { lif: BY_RULE },
  loops: having('recurrent input', BY_RULE),
  kernelOf: ({ network, instance, seed }) => {
    return windowKernelOfGroup(windowGroupOf(network, 'x'), instance, 'x', seed)
  },
  sliceOf: (sample, slice, sourceSlices) => {
    const windowGroup = windowGroupOf(sample.network, 'x')
    return windowKernelOfGroup(windowGroup, sliceOf(sample, slice), 'x', sample.seed, sourceSlices)
  },
}

/** With lists in place of its rules, as they are once their numbers were learned and saved. */
const listed = ({ draws: _, ...projection }: ProjectionValues): ProjectionValues => projection

/** As networks with large lists have it. */
export const windowListed: KernelSubject = {
  ...window,
  name: 'the window kernel, lists',
  kernelOf: ({ network, instance, seed }) => {
    const lists = { ...instance, projections: instance.projections.map(listed) }
    return windowKernelOfGroup(windowGroupOf(network, 'x'), lists, 'x', seed)
  },
  sliceOf: (sample, slice, sourceSlices) => {
    const { groups, projections } = sliceOf(sample, slice)
    const lists = { groups, projections: projections.map(listed) }
    return windowKernelOfGroup(windowGroupOf(sample.network, 'x'), lists, 'x', sample.seed, sourceSlices)
  },
}

/** Told that its parameters may have changed, whatever they are. */
function learned(kernel: Kernel): Kernel {
  expect(kernel.parameters.length).toBeGreaterThan(0)
  kernel.parametersChanged()
  return kernel
}

/** With a weight of its own for every synapse. */
export const windowLearned: KernelSubject = {
  ...window,
  name: 'the window kernel, learned parameters',
  kernelOf: (sample) => learned(window.kernelOf(sample) as Kernel),
  sliceOf: (...sliced) => learned(window.sliceOf!(...sliced)),
}

/** Groups whose states are not scaled. */
function unscaled(name: string, subject: KernelSubject, range: CaseRange): KernelSubject {
  return { ...subject, name, cases: { lif: range }, loops: having('recurrent input', range) }
}

export const windowTwoCurrents: KernelSubject = unscaled(
  'the window kernel, two currents',
  window,
  UNSCALED_BY_RULE.twoCurrents,
)

export const windowOwnTaus: KernelSubject = unscaled(
  'the window kernel, time constants per neuron',
  window,
  UNSCALED_BY_RULE.tausPerNeuron,
)

export const windowOwnTausLearned: KernelSubject = unscaled(
  'the window kernel, time constants per neuron, learned parameters',
  windowLearned,
  UNSCALED_BY_RULE.tausPerNeuron,
)
