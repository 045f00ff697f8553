import { expect, test } from 'vitest'
import { kernelOfGroup } from '../../src/dynamics/kernel-of-group.js'
import { type MemoryNeed, memoryNeeds } from '../../src/dynamics/memory-needs.js'
import { SimdKernel } from '../../src/dynamics/wasm/simd-kernel.js'
import type { Slice } from '../../src/network/blocks.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { lif, source } from '../../src/network/groups.js'
import { uniform } from '../../src/network/initializers.js'
import { instantiate } from '../../src/network/instantiate.js'
import {
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  type Pattern,
  perSynapse,
} from '../../src/network/projections.js'

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

test('drawn synapses need little beside listed ones', () => {
  const rule = needOf(networkOf(fixedInDegree(100, 0.01)), WHOLE)
  expect(rule.all).toBe(2 * 2 * 100 * SIZE)
  expect(rule.all).toBeLessThan(needOf(DENSE, WHOLE).all / 50)
})
