import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Bounds } from '../../src/learning/parameter-kinds.js'
import type { OptimizerKind, ParameterKind, Parameters, StepOptions } from '../../src/learning/session.js'
import { readParameters } from '../../src/learning/state/read-parameters.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { NEURON_PARAMETERS } from '../../src/network/models/neuron-model.js'
import { step } from '../actors/small-networks.js'
import { singleCurrent } from '../learning/surrogate/single-current.js'
import { casesOf } from '../support/cases-of.js'
import { networkCase } from '../support/network-case.js'

const KINDS: readonly ParameterKind[] = ['weights', 'delays', 'thresholds', 'adaptation', 'taus', 'bias']

const ends = (lows: readonly number[], highs: readonly number[]): fc.Arbitrary<Bounds> =>
  fc.tuple(fc.constantFrom(...lows), fc.constantFrom(...highs))

/** Bounds of some kinds, or of none; what they leave is in part beyond what the model allows. */
const bounds: fc.Arbitrary<StepOptions['bounds']> = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      weights: ends([-Infinity, -3, 0], [0, 2, Infinity]),
      delays: ends([0, 0.02], [0.2, 5, Infinity]),
      // No vReset is above 1.6.
      thresholds: ends([-Infinity, -5, 0.1, 1.5], [2.5, Infinity]),
      adaptation: ends([0, 0.5], [1, Infinity]),
      taus: ends([1e-300, 1e-12, 0.5], [100, 1e300, Infinity]),
      bias: ends([-Infinity, -1], [1, Infinity]),
    },
    { requiredKeys: [] },
  ),
)

const optimizer = fc.constantFrom<OptimizerKind>(
  { kind: 'sgd', momentum: 0 },
  { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
)
/** Mostly far too large, so that whatever has a limit comes to it. */
const rate = fc.constantFrom(1e-3, 1, 1e3, 1e300)
const loss = fc.constantFrom<StepOptions['loss']>(
  { kind: 'spikeCount', group: 'b', tau: 20 },
  { kind: 'vMax', group: 'r' },
)

const options = fc
  .record({ bounds, optimizer, loss, rates: fc.tuple(...KINDS.map(() => rate)), wake: fc.constantFrom(0, 1, 1e308) })
  .map(({ rates, wake, ...rest }) => {
    const perKind = Object.fromEntries(KINDS.map((kind, k) => [kind, rates[k]]))
    return { ...rest, rates: perKind, silentWeightStep: { a: wake, b: wake } }
  })

/** All numbers of one kind. */
function numbersOf({ projections, groups }: Parameters, kind: Exclude<ParameterKind, 'taus'>): readonly number[] {
  if (kind === 'weights' || kind === 'delays') return Object.values(projections).flatMap((each) => [...each[kind]])
  return Object.values(groups).flatMap((each) => [...(each[NEURON_PARAMETERS[kind]] ?? [])])
}

test('whatever the bounds and however large a step, the network stays one that could be described', async () => {
  const seen = { ownEnds: 0, leastDelays: 0 }
  const cases = fc.constantFrom('feedForward', 'recurrent', 'immediate').chain((wiring) => networkCase(wiring as never))
  const numRuns = casesOf({ short: 20, long: 300 })
  await fc.assert(
    fc.asyncProperty(cases, options, fc.boolean(), async (sample, given, isExact) => {
      const network = isExact ? sample.network : singleCurrent(sample.network)
      const { taus, ...others } = given.rates as Readonly<Record<ParameterKind, number>>
      const session = isExact ? await open(network, { seed: 0 }) : openSurrogate(network, { seed: 0, dt: 0.5 })
      const trials = { ...sample.trials, labels: sample.labels }
      await session.train(trials, step({ ...given, rates: isExact ? { ...others, taus } : others }))
      const learned = readParameters(instantiate(network, 0), await session.parameters(), 'parameters')
      await session.close()
      for (const kind of KINDS) {
        if (kind === 'taus') continue
        const [min, max] = given.bounds[kind] ?? [-Infinity, Infinity]
        const numbers = numbersOf(learned, kind)
        expect(
          numbers.every((value) => value >= min && value <= max),
          `${kind} in ${min} … ${max}`,
        ).toBe(true)
        if (numbers.some((value) => value === min || value === max)) seen.ownEnds++
        if (kind === 'delays' && min < 0.1 && numbers.some((value) => value === 0 || value === 0.1)) seen.leastDelays++
      }
    }),
    { numRuns, seed: 8, endOnFailure: true },
  )
  expect(seen.ownEnds).toBeGreaterThan(numRuns / 2)
  expect(seen.leastDelays).toBeGreaterThan(numRuns / 4)
})
