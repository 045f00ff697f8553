import { describe, expect, test } from 'vitest'
import { chosenKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { batchOf, WHOLE } from '../kernel-for.js'

const NEURON = { tauMem: 20, tauSyn: 10, threshold: 1 } as const

describe.each(['simd', 'reference'] as const)('the %s kernel names the neuron at fault,', (kind) => {
  test.each([0, perSynapse(0)])('whose gradient is beyond every double, delays %j', (delay) => {
    const weights = Array.from({ length: 11 }, (_, n) => [n === 9 ? 8 : 0])
    const network = defineNetwork({
      groups: { in: source(1), x: lif(11, NEURON) },
      projections: [connect('in', 'x', dense(weights), { delay })],
    })
    const kernel = chosenKernelOfGroup(kind, instantiate(network, 0), 'x')
    const backward = (delta: number, undefinedSlope: 'refuse' | 'ignore') => {
      kernel.begin({ ...WHOLE, undefinedSlope, stopAfterFirst: true })
      kernel.receive(0, batchOf([[{ time: 3, unit: 0 }]]))
      const { times } = kernel.advance(100, 100)
      kernel.beginBackward(null)
      kernel.backward(times.map(() => delta))
      return Array.from(kernel.finishGradient())
    }
    const before = backward(1, 'refuse')
    const u = (1 + Math.SQRT1_2) / 2
    const details = { group: 'x', unit: 9, time: expect.closeTo(3 - 20 * Math.log(u), 12), slope: expect.any(Number) }
    // Its crossing has a slope: it is none of those that are left out and counted.
    for (const undefinedSlope of ['refuse', 'ignore'] as const)
      expect(() => backward(1.7e308, undefinedSlope)).toThrow(
        expect.objectContaining({ code: 'GRADIENT_OVERFLOW', details }),
      )
    expect(backward(1, 'refuse')).toEqual(before)
  })
})

test.each([0, perSynapse(1)])('the simd kernel names a neuron that never rests, delays %j', (delay) => {
  const bias = Array.from({ length: 36 }, (_, n) => (n === 34 ? 2e6 : 0))
  const network = defineNetwork({
    groups: { in: source(1), x: lif(36, { ...NEURON, bias }) },
    projections: [connect('in', 'x', dense(0.1), { delay })],
  })
  const kernel = chosenKernelOfGroup('simd', instantiate(network, 0, [{ group: 'x', start: 32, end: 36 }]), 'x')
  kernel.begin({ ...WHOLE, gradients: false })
  kernel.receive(0, batchOf([[{ time: 99, unit: 0 }]]))
  const details = expect.objectContaining({
    group: 'x',
    unit: 34,
    time: expect.closeTo(-20 * 1_000_001 * Math.log1p(-5e-7), 6),
  })
  expect(() => kernel.advance(100, 100)).toThrow(expect.objectContaining({ code: 'RUNAWAY_NEURON', details }))
})

test.each([[[3]], [[3, 99]]])('the simd kernel names a neuron that arrivals at %j ms drive beyond measure', (times) => {
  const weights = Array.from({ length: 11 }, (_, n) => [n === 9 ? 1e8 : 3])
  const network = defineNetwork({
    groups: { in: source(1), x: lif(11, NEURON) },
    projections: [connect('in', 'x', dense(weights))],
  })
  const kernel = chosenKernelOfGroup('simd', instantiate(network, 0), 'x')
  kernel.begin({ ...WHOLE, gradients: false })
  kernel.receive(0, batchOf([times.map((time) => ({ time, unit: 0 }))]))
  // A million times tauMem threshold / I later.
  const details = expect.objectContaining({ group: 'x', unit: 9, time: expect.closeTo(3 + 20 / 100, 2) })
  expect(() => kernel.advance(100, 100)).toThrow(expect.objectContaining({ code: 'RUNAWAY_NEURON', details }))
})
