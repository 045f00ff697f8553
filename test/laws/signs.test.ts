import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import type { LabelledTrials, OptimizerKind, Parameters, Session, StepOptions } from '../../src/learning/session.js'
import { trainedNetwork } from '../../src/learning/trained-network.js'
import { uniform } from '../../src/network/description/initializers.js'
import type { Network } from '../../src/network/description/network.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { expectSameBits } from '../support/same-bits.js'

/** The same network, whose drawn weights are all of one sign or the other, projection by projection. */
function signed(network: Network): Network {
  const projections = network.projections.map((projection, k) => {
    if (!('distribution' in Object(projection.weights))) return projection
    const high = 0.05
    return k % 2 === 0
      ? { ...projection, sign: 'excitatory' as const, weights: uniform(0, high) }
      : { ...projection, sign: 'inhibitory' as const, weights: uniform(-high, 0) }
  })
  return { ...network, projections }
}

const step = (optimizer: OptimizerKind, rate: number): StepOptions => ({
  loss: { kind: 'spikeCount', group: 'a', tau: 20 },
  optimizer,
  rates: { weights: rate },
  bounds: {},
  clipNorm: Number.POSITIVE_INFINITY,
  silentLabelHinge: 1,
  silentHinge: { a: 1 },
  silentWeightStep: { b: 0.2 },
})

/** What is learned in two steps. Closes the session. */
async function learned(session: Session, trials: LabelledTrials, options: StepOptions): Promise<Parameters> {
  for (let k = 0; k < 2; k++) await session.train(trials, options)
  const parameters = await session.parameters()
  // Holds every weight to its sign once more.
  await trainedNetwork(session, 0)
  await session.close()
  return parameters
}

const methods: readonly OptimizerKind[] = [
  { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { kind: 'sgd', momentum: 0.5 },
]

test.each<KernelKind>(['simd', 'reference'])(
  'weights keep their sign as they learn, on every placement with the same bits (%s)',
  async (kernel) => {
    const seen = { bounded: 0, moved: 0, stopped: 0 }
    const placed = fc.oneof(cutNetworkCase, denseNetworkCase).chain(({ network, ...sample }) => {
      return fc.tuple(fc.constant({ ...sample, network: signed(network) }), arbitraryPlacement(network, 3))
    })
    await fc.assert(
      fc.asyncProperty(
        placed,
        fc.constantFrom(...methods),
        async ([{ network, seed, trials }, placement], optimizer) => {
          const options = step(optimizer, 0.05)
          const whole = await learned(await open(network, { seed, kernel }), trials, options)
          expectSameBits(await learned(await open(network, { seed, kernel, placement }), trials, options), whole)
          for (const { key, sign } of network.projections) {
            const { weights } = whole.projections[key]!
            if (sign === undefined) continue
            expect(weights.every((weight) => (sign === 'excitatory' ? weight >= 0 : weight <= 0))).toBe(true)
            seen.bounded += weights.filter((weight) => weight === 0).length
            seen.moved += weights.filter((weight) => Math.abs(weight) > 0.05).length
            if (sign === 'inhibitory' && weights.some((weight) => weight === 0)) seen.stopped++
          }
        },
      ),
      { numRuns: casesOf({ short: 4, long: 8 }), seed: 4, endOnFailure: true },
    )
    expect(seen.bounded).toBeGreaterThan(casesOf({ short: 25, long: 50 }))
    expect(seen.moved).toBeGreaterThan(casesOf({ short: 25, long: 50 }))
    expect(seen.stopped).toBeGreaterThan(0)
  },
)
