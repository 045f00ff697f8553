import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { type RateBand, rateGradient } from '../../../src/dynamics/models/rate-band.js'
import { RATE_BANDS } from '../../../src/learning/banded-step.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { LIF, step } from '../../actors/small-networks.js'
import { trainsOf } from '../../learning/trains.js'
import { batchOf, kernelFor, WHOLE } from '../kernels/kernel-for.js'
import { neuron, uAt } from './closed-form-neuron.js'

test('a band pushes by how far a count is outside of it', () => {
  const band = { low: 2, high: 5, strength: 0.5 }
  expect([0, 1, 2, 3, 5, 6, 8].map((count) => rateGradient(band, count))).toEqual([-1, -0.5, 0, 0, 0, 0.5, 1.5])
})

describe.each(['simd', 'reference'] as const)('the %s kernel', (kind) => {
  const gradientWith = (rateBand: RateBand | undefined, delta: number) => {
    const kernel = kernelFor(neuron(), 'x', kind)
    kernel.begin({ ...WHOLE, stopAfterFirst: true, rateBand })
    kernel.receive(0, batchOf([[{ time: 3, unit: 0 }]]))
    kernel.advance(100, 100)
    kernel.beginBackward(null)
    kernel.backward(Float64Array.of(delta))
    const { weights, threshold } = kernel.layout
    const gradient = kernel.finishGradient()
    return { weight: gradient[weights]!, threshold: gradient[threshold]! }
  }

  test('takes the push from dL/dthreshold at an own spike, by hand', () => {
    // One spike where four to five are wanted: 3 too few. V = w (u - u²).
    const u = uAt(8)
    const { weight, threshold } = gradientWith({ low: 4, high: 5, strength: 0.1 }, 0)
    expect(threshold).toBeCloseTo(0.3, 15)
    expect(weight).toBeCloseTo(-0.3 * (u - u * u), 14)
  })

  test('adds it to the gradient, and nothing within the band', () => {
    const exact = gradientWith(undefined, 1)
    const pushed = gradientWith({ low: 4, high: 5, strength: 0.1 }, 1)
    expect(pushed.threshold).toBeCloseTo(exact.threshold + 0.3, 13)
    expect(gradientWith({ low: 1, high: 1, strength: 9 }, 1)).toEqual(exact)
  })
})

describe.each([
  ['more often', 3, { low: 3, high: 4, strength: 0.05 }],
  ['less often', 30, { low: 1, high: 2, strength: 0.05 }],
] as const)('neurons outside of their band come to spike %s', (_, weight, band) => {
  test.each(['simd', 'reference'] as const)('with the %s kernel', async (kernel) => {
    const network = defineNetwork({
      groups: { in: source(1), hidden: lif(3, LIF), out: lif(2, LIF) },
      projections: [connect('in', 'hidden', dense(weight)), connect('hidden', 'out', dense(0.1))],
    })
    await using session = await open(network, { kernel })
    const inputs = { in: trainsOf([[2, 4, 6, 8].map((time) => ({ time, unit: 0 }))]) }
    const trials = { count: 1, until: 60, inputs, labels: Uint8Array.of(0) }
    const counts = async () => {
      const { units } = (await session.simulate(trials)).spikes.hidden!
      return [0, 1, 2].map((unit) => units.filter((each) => each === unit).length)
    }
    const isOutside = (count: number) => count < band.low || count > band.high
    expect((await counts()).every(isOutside)).toBe(true)
    for (let k = 0; k < 400 && (await counts()).some(isOutside); k++)
      await session.train(trials, step({ rates: { weights: 1 }, [RATE_BANDS]: { hidden: band } }))
    expect((await counts()).some(isOutside)).toBe(false)
  })
})
