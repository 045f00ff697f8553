import type { KernelKind } from '../../../src/dynamics/kernel-kind.js'
import { chosenKernelOfGroup, windowKernelOfGroup } from '../../../src/dynamics/kernel-of-group.js'
import type { Slice } from '../../../src/network/blocks.js'
import { instantiate } from '../../../src/network/instantiate.js'
import type { KernelSubject } from '../../suites/kernel/kernel-subject.js'
import { attainableTimes } from '../../support/attainable-times.js'
import { ANY, BY_RULE, having, SIMD, without } from '../../support/case-ranges.js'
import { fusedGroup, singleGroup } from '../../support/component-group.js'
import type { CaseRange, DrawnKernelCase } from '../../support/kernel-case.js'
import { windowPlanOf } from '../../support/window-case.js'
import { windowBounds } from '../../support/window-times.js'

function sliceOf({ network, seed }: DrawnKernelCase, slice: Slice) {
  return instantiate(network, seed, [{ group: 'x', ...slice }])
}

function ofGroup(
  kind: KernelKind,
): Pick<KernelSubject, 'kernelOf'> & Required<Pick<KernelSubject, 'noisy' | 'sliceOf'>> {
  return {
    noisy: (sample, sources) => singleGroup(sample, kind, sources),
    kernelOf: ({ instance }) => chosenKernelOfGroup(kind, instance, 'x'),
    sliceOf: (sample, slice, sourceSlices) => chosenKernelOfGroup(kind, sliceOf(sample, slice), 'x', sourceSlices),
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

const SMALL: CaseRange = { ...without('many rows', ANY.lif), isSmall: true }

export const fused: KernelSubject = {
  name: 'the fused kernel',
  can: ['gradients', 'windows', 'segments', 'stepwise', 'sums as whole', 'parameters'],
  accuracy: 'same bits',
  cases: { lif: without('recurrent input', SMALL) },
  share: 0.7,
  loops: having('recurrent input', { ...SMALL, may: [...SMALL.may, 'loops without delay'] }),
  kernelOf: (sample) => fusedGroup(sample, 'reference'),
  noisy: (sample, sources) => fusedGroup(sample, 'reference', sources),
  unlooped: ofGroup('reference').kernelOf,
}

const simd = {
  can: ['gradients', 'windows', 'instants', 'segments', 'stepwise', 'parameters', 'many spikes'],
  accuracy: attainableTimes,
  ...ofGroup('simd'),
} as const satisfies Partial<KernelSubject>

export const shared: KernelSubject = {
  ...simd,
  name: 'the SIMD kernel, shared feed',
  cases: SIMD.shared,
  loops: having('recurrent input', SIMD.shared.lif),
}
const { may } = SIMD.shared.lif
const SMALL_SIMD: CaseRange = { must: [], may: [...may, 'delays per synapse'], isSmall: true }

export const fusedSimd: KernelSubject = {
  name: 'the fused kernel over SIMD kernels',
  can: ['gradients', 'windows', 'segments', 'stepwise', 'sums as whole', 'parameters'],
  accuracy: attainableTimes,
  cases: { lif: without('recurrent input', SMALL_SIMD) },
  share: 0.7,
  loops: having('recurrent input', { ...SMALL_SIMD, may: [...SMALL_SIMD.may, 'loops without delay'] }),
  kernelOf: (sample) => fusedGroup(sample, 'simd'),
  noisy: (sample, sources) => fusedGroup(sample, 'simd', sources),
  unlooped: ofGroup('simd').kernelOf,
}

export const own: KernelSubject = {
  ...simd,
  name: 'the SIMD kernel, own feed',
  cases: SIMD.own,
  loops: having('recurrent input', SIMD.own.lif),
}

export const window: KernelSubject = {
  name: 'the window kernel',
  can: ['windows', 'segments', 'many spikes'],
  accuracy: windowBounds,
  cases: { lif: BY_RULE },
  share: 0.5,
  loops: having('recurrent input', BY_RULE),
  kernelOf: ({ network, instance, seed }) => {
    return windowKernelOfGroup(windowPlanOf(network, 'x'), instance, 'x', seed)
  },
  sliceOf: (sample, slice, sourceSlices) => {
    const plan = windowPlanOf(sample.network, 'x')
    return windowKernelOfGroup(plan, sliceOf(sample, slice), 'x', sample.seed, sourceSlices)
  },
}
