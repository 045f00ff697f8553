import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AdamStep, stepOfAdam } from '../../../../src/dynamics/kernels/adam-loop.js'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import type { KernelGradient } from '../../../../src/dynamics/kernels/kernel-parameters.js'
import { SimdKernel } from '../../../../src/dynamics/kernels/simd/simd-kernel.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { casesOf } from '../../../support/cases-of.js'
import { driveKernel } from '../../../support/drive-kernel.js'

/** So many that a step takes several items, the last of them odd. */
const [SOURCES, NEURONS] = [1901, 9]
const COUNT = SOURCES * NEURONS

/** @param delay of every synapse, in ms; default: neurons meet the same arrivals, and weights are learned in rows */
function kernelOfMany(delay: number | null = null): SimdKernel {
  const { groups, projections } = instantiate(
    defineNetwork({
      groups: { in: source(SOURCES), out: lif(NEURONS, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
      projections: [connect('in', 'out', dense(0.5), delay === null ? {} : { delay: perSynapse(delay) })],
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
  const kernel = kernelOfMany(1)
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

const STEP = {
  ...{ beta1: 0.9, beta2: 0.99, epsilon: 1e-8, unbiasedRate: 0.1, unbiasedRoot: 3, scale: 0.25, keep: 0.9 },
  ...{ min: -1, max: 1 },
}

const zeros = () => new Float64Array(COUNT)

/** The gradient of a run in which some units have a spike each; every neuron fires. */
function undone(kernel: SimdKernel, hasSpike: (unit: number) => boolean): KernelGradient {
  const units = Uint32Array.from({ length: SOURCES }, (_, unit) => unit).filter(hasSpike)
  const train = { offsets: Uint32Array.of(0, units.length), times: Float64Array.from(units, (_, k) => k / 100), units }
  const run = { trials: 1, until: 100, whole: true, gradients: true, stopAfterFirst: false, trackSilent: false }
  const options: KernelOptions = { ...run, undefinedSlope: 'refuse', beat: () => undefined }
  driveKernel(
    kernel,
    { trains: [train], options, peakGradients: null },
    { arrival: 'early', batches: [], horizons: [] },
  )
  return kernel.closeGradient()
}

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

test.each([
  ['with bounds', -0.6, 0.6],
  ['with none', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['with a sign', 0, Number.POSITIVE_INFINITY],
  ['away from 0', 0.1, 0.2],
])('weights in rows take the steps of the reference, bit by bit, and go back, %s', (_, min, max) => {
  const kernel = kernelOfMany()
  const { parameters } = kernel
  for (let k = 0; k < COUNT; k++) parameters[k] = k % 7 === 0 ? -0 : 0.1 + Math.sin(k)
  kernel.parametersChanged()
  const [expected, moments] = [parameters.slice(0, COUNT), { means: zeros(), squares: zeros() }]
  const loop = kernel.adamLoop(0, COUNT)
  const numbers = { ...STEP, min, max }
  for (let round = 0; round < 3; round++) {
    const gradient = undone(kernel, (unit) => (unit + round) % 3 === 0)
    const along = gradient.whole().slice(0, COUNT)
    expect(along.some((value) => value !== 0)).toBe(true)
    // Per neuron, one weight after the other.
    const squares = Float64Array.from({ length: NEURONS }, (_, n) => {
      return along.subarray(n * SOURCES, (n + 1) * SOURCES).reduce((sum, value) => sum + value * value, 0)
    })
    expect(gradient.squares(0, 1)).toEqual(squares)
    stepOfAdam(expected, along, moments, numbers)
    loop.stepInRows!(numbers)
    kernel.parametersChanged()
  }
  expect(kernel.parameters.slice(0, COUNT)).toEqual(expected)
  expect(loop.moments()).toEqual(moments)
  const [kept, keptMoments] = [kernel.keepParameters(), loop.keep()]
  undone(kernel, () => true)
  loop.stepInRows!({ ...STEP, keep: 0.5 })
  expect(kernel.parameters.slice(0, COUNT)).not.toEqual(expected)
  kernel.putBackParameters(kept)
  loop.putBack(keptMoments)
  expect(kernel.parameters.slice(0, COUNT)).toEqual(expected)
  expect(loop.moments()).toEqual(moments)
})
