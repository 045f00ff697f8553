import { expect, test } from 'vitest'
import { kernelOfGroup, windowKernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import { type MemoryNeed, memoryNeeds } from '../../../src/dynamics/kernels/memory-needs.js'
import { SimdKernel } from '../../../src/dynamics/kernels/simd/simd-kernel.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import {
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  type Pattern,
  perSynapse,
} from '../../../src/network/description/projections.js'
import type { NetworkInstance, ProjectionValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { withValues } from '../../../src/network/instance/with-values.js'
import { lif } from '../../../src/network/models/lif.js'
import type { Slice } from '../../../src/network/slices/blocks.js'
import { windowGroupOf } from '../../support/window-case.js'

const SIZE = 400
const WHOLE = { start: 0, end: SIZE }

function networkOf(pattern: Pattern, options: ConnectOptions = {}) {
  const cells = lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1 })
  const projections = [connect('in', 'cells', pattern, options), connect('cells', 'cells', pattern, { delay: 1 })]
  return defineNetwork({ groups: { in: source(SIZE), cells }, projections })
}

const DENSE = networkOf(dense(0.01))
const OWN_DELAYS = networkOf(dense(0.01), { delay: perSynapse(uniform(1, 2)) })

function needOf(
  network: ReturnType<typeof networkOf>,
  slice: Slice,
  kernel: 'simd' | 'reference' = 'simd',
): MemoryNeed {
  const [need, ...more] = memoryNeeds(network, kernel, [
    { group: 'in', ...WHOLE },
    { group: 'cells', ...slice },
  ])
  expect(more).toEqual([])
  return need as MemoryNeed
}

test.each([
  ['common delays', DENSE, WHOLE],
  ['delays per synapse', OWN_DELAYS, WHOLE],
  ['delays per synapse, on a core among others', OWN_DELAYS, { start: 96, end: 224 }],
])('what a kernel takes is foretold: %s', (_, network, slice) => {
  const instance = instantiate(network, 7, [
    { group: 'in', ...WHOLE },
    { group: 'cells', ...slice },
  ])
  const { values } = kernelOfGroup(instance, 'cells')
  const taken = new SimdKernel(
    values,
    instance.projections.filter(({ target }) => target === 'cells'),
  ).bytes
  const { kernel } = needOf(network, slice)
  expect(kernel).toBeLessThanOrEqual(taken)
  expect(kernel).toBeGreaterThan(0.85 * taken)
})

test('synapses with delays of their own need more, on every kernel; half the neurons need half', () => {
  for (const kernel of ['simd', 'reference'] as const) {
    const [plain, own] = [needOf(DENSE, WHOLE, kernel), needOf(OWN_DELAYS, WHOLE, kernel)]
    expect(own.all).toBeGreaterThan(plain.all)
    expect(needOf(OWN_DELAYS, { start: 0, end: SIZE / 2 }, kernel).all).toBe(own.all / 2)
  }
})

const RULE = fixedInDegree(60, normal(0.01, 0.005))
const LISTED = withValues(networkOf(RULE), instantiate(networkOf(RULE), 7))
const LISTED_OWN = withValues(
  networkOf(RULE, { delay: perSynapse(uniform(1, 2)) }),
  instantiate(networkOf(RULE, { delay: perSynapse(uniform(1, 2)) }), 7),
)

test.each([
  ['rules', networkOf(RULE), WHOLE],
  ['rules with delays per synapse', networkOf(RULE, { delay: perSynapse(uniform(1, 2)) }), WHOLE],
  ['lists', LISTED, WHOLE],
  ['lists with delays per synapse', LISTED_OWN, WHOLE],
  ['lists with delays per synapse, on a core among others', LISTED_OWN, { start: 96, end: 224 }],
])('what the window kernel takes for synapses is foretold: %s', (_, network, slice) => {
  const windowGroup = windowGroupOf(network, 'cells')
  const instance = instantiate(network, 7, [{ group: 'cells', ...slice }])
  const bytes = (of: NetworkInstance) => windowKernelOfGroup(windowGroup, of, 'cells', 7).bytes
  const without = bytes({ ...instance, projections: instance.projections.map(nobody) })
  const { kernel, all } = needOf(network, slice)
  const taken = bytes(instance) - without
  expect(kernel).toBeGreaterThan(0.95 * taken)
  expect(kernel).toBeLessThan(1.05 * taken)
  expect(all > kernel).toBe(network.projections[0]!.connectivity.kind === 'synapses')
})

/** A projection without synapses. */
function nobody({ draws: _, ...projection }: ProjectionValues): ProjectionValues {
  const [none, nothing] = [new Uint32Array(0), new Float64Array(0)]
  const delays = projection.delayShape === 'perSynapse' ? nothing : projection.delays
  return { ...projection, sources: none, targets: none, weights: nothing, delays }
}

test('rows of lists and rules on the SIMD kernel are foretold', () => {
  const few = fixedInDegree(10, normal(0.01, 0.005))
  for (const network of [networkOf(few), withValues(networkOf(few), instantiate(networkOf(few), 7))]) {
    const instance = instantiate(network, 7)
    const { values } = kernelOfGroup(instance, 'cells')
    const incoming = instance.projections.filter(({ target }) => target === 'cells')
    const taken = new SimdKernel(values, incoming).bytes
    const { kernel } = needOf(network, WHOLE)
    expect(kernel).toBeGreaterThan(0.75 * taken)
    expect(kernel).toBeLessThan(1.25 * taken)
  }
})

test('drawn synapses need little beside listed ones', () => {
  const rule = needOf(networkOf(fixedInDegree(100, 0.01)), WHOLE)
  expect(rule.all).toBe(2 * 2 * 100 * SIZE)
  expect(rule.all).toBeLessThan(needOf(DENSE, WHOLE).all / 50)
})
