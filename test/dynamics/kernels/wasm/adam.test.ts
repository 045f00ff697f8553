import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AdamStep, stepOfAdam } from '../../../../src/dynamics/kernels/adam-loop.js'
import { SimdKernel } from '../../../../src/dynamics/kernels/simd/simd-kernel.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { lif, source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { casesOf } from '../../../support/cases-of.js'

/** So many that a step takes several items, the last of them odd. */
const [SOURCES, NEURONS] = [1901, 9]
const COUNT = SOURCES * NEURONS

function kernelOfMany(): SimdKernel {
  const { groups, projections } = instantiate(
    defineNetwork({
      groups: { in: source(SOURCES), out: lif(NEURONS, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
      projections: [connect('in', 'out', dense(0.5))],
    }),
    0,
  )
  return new SimdKernel(groups[1] as LifValues, projections)
}

const numbers: fc.Arbitrary<AdamStep> = fc
  .record({
    beta1: fc.double({ min: 0, max: 0.99, noNaN: true }),
    beta2: fc.double({ min: 0, max: 0.9999, noNaN: true }),
    epsilon: fc.constantFrom(1e-8, 1e-3),
    unbiasedRate: fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
    unbiasedRoot: fc.double({ min: 1, max: 40, noNaN: true }),
    scale: fc.constantFrom(1, 1 / 128, 0.3),
    keep: fc.constantFrom(1, 0.999, 1 / 3, 0),
    bound: fc.constantFrom(Number.POSITIVE_INFINITY, 0.6),
  })
  .map(({ bound, ...rest }) => ({ ...rest, min: -bound, max: bound }))

test('the loop of Adam in the kernel is that of the reference, bit by bit', () => {
  const kernel = kernelOfMany()
  fc.assert(
    fc.property(
      fc.array(numbers, { minLength: 1, maxLength: 3 }),
      fc.nat(6),
      fc.integer({ min: 1, max: COUNT - 6 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (steps, from, length, factor) => {
        const loop = kernel.adamLoop(from, from + length)
        const here = kernel.parameters.subarray(from, from + length)
        here.forEach((_, k) => {
          here[k] = Math.sin(k)
        })
        const expected = here.slice()
        const moments = { means: new Float64Array(length), squares: new Float64Array(length) }
        for (const step of steps) {
          const gradients = kernel.parameters.slice(0, length).map((value) => factor * value)
          stepOfAdam(expected, gradients, moments, step)
          // Within the kernel's memory, where nothing else is at work now.
          const there = new Float64Array(here.buffer, here.byteOffset + 8 * (COUNT + 9), length)
          there.set(gradients)
          loop.step(here, there, step)
        }
        expect(here).toEqual(expected)
        expect(loop.moments()).toEqual(moments)
      },
    ),
    { numRuns: casesOf({ short: 10, long: 40 }), seed: 6 },
  )
})

test('what lies elsewhere is stepped as well, with moments that start from zero', () => {
  const kernel = kernelOfMany()
  const step = {
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    unbiasedRate: 0.1,
    unbiasedRoot: 3,
    scale: 1,
    keep: 0.9,
    min: -1,
    max: 1,
  }
  const outside = () => Float64Array.of(0.5, -0.25, 0.125)
  const gradients = Float64Array.of(1, -2, 3)
  for (let round = 0; round < 2; round++) {
    const [here, expected] = [outside(), outside()]
    kernel.adamLoop(0, 3).step(here, gradients, step)
    stepOfAdam(expected, gradients, { means: new Float64Array(3), squares: new Float64Array(3) }, step)
    expect(here).toEqual(expected)
  }
})
