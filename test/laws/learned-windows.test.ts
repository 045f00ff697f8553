import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Parameters } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, fixedInDegree, oneToOne, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { segmentLength } from '../support/arbitrary-stream.js'
import { casesOf } from '../support/cases-of.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { streamed } from '../support/streamed.js'
import { randomTrains } from '../support/window-case.js'

const [SIZE, INPUTS, UNTIL, SEED] = [70, 40, 25, 3]

/** Spikes go around a -> b -> a, whose bins are 1 ms long. */
const network = defineNetwork({
  groups: {
    drive: poisson(SIZE, { rate: 20_000 }),
    in: source(INPUTS),
    a: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 0.5 }),
    b: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: uniform(0.9, 1.1) }),
  },
  projections: [
    connect('in', 'a', fixedInDegree(150, 0.02, { multiple: true })),
    connect('drive', 'a', oneToOne(0.1), { delay: 1 }),
    connect('a', 'b', fixedInDegree(150, normal(0.01, 0.005), { multiple: true }), { delay: 1.5 }),
    connect('b', 'a', fixedInDegree(150, -0.01, { multiple: true }), { delay: perSynapse(uniform(1, 2)) }),
  ],
})

/** A step of learning for everything that can be learned there. */
const change = fc.record({
  shared: fc.constantFrom(0.1, 0.25, 0.7),
  own: fc.constantFrom(0.1, 0.5),
  drive: fc.constantFrom(1, 0.6),
  adaptStep: fc.constantFrom(0, 0.2),
  tauSyn: fc.constantFrom(5, 4.3, 18.5),
})

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function learned(given: Parameters, { shared, own, drive, adaptStep, tauSyn }: Change): Parameters {
  const delaysOf = (key: string, delays: Float64Array) => {
    if (key === 'b->a') return delays.map((delay) => delay - 1 + own)
    return key === 'a->b' || key === 'drive->a' ? Float64Array.of(key === 'a->b' ? shared : drive) : delays
  }
  const projections = Object.entries(given.projections).map(([key, { weights, delays }]) => {
    const moved = key === 'drive->a' ? weights.map((weight, n) => (n % 7) * 0.02 - 0.04 + weight) : null
    return [
      key,
      { weights: moved ?? weights.map((weight, k) => weight * (1 + (k % 5) / 10)), delays: delaysOf(key, delays) },
    ]
  })
  const a = given.groups.a!
  const adapting = a.adaptStep!.map((_, n) => (n % 3) * adaptStep)
  const groups = { ...given.groups, a: { ...a, adaptStep: adapting, tauSyn: Float64Array.of(tauSyn) } }
  return { ...given, projections: Object.fromEntries(projections), groups }
}

test('what was learned runs on large sparse groups with one set of bits, also around cycles in less than a bin', async () => {
  const seen = { spikes: 0, segments: 0 }
  const trains = randomTrains(INPUTS, 0.05, UNTIL, 1, 'input')
  await using one = await open(network, { seed: SEED })
  expect(one.kernels.map(({ engine }) => engine)).toEqual(['window', 'window'])
  const described = await one.parameters()
  await fc.assert(
    fc.asyncProperty(change, arbitraryPlacement(network, 2), segmentLength, async (step, placement, segment) => {
      await one.setParameters(learned(described, step))
      const trials = { count: 1, until: UNTIL, inputs: { in: trains } }
      const { spikes } = await one.simulate(trials, { record: ['a', 'b'] })
      await using two = await openLinked(network, placement, { seed: SEED })
      await two.setParameters(await one.parameters())
      expectSameBits((await two.simulate(trials, { record: ['a', 'b'] })).spikes, spikes)
      const stream = { record: ['a', 'b'], until: UNTIL, segment, inputs: { in: trains } }
      const found = await streamed(two, stream)
      expectSameBits(found.spikes, spikes)
      seen.spikes += Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0)
      seen.segments += found.segments
    }),
    { numRuns: casesOf({ short: 3, long: 40 }), seed: 7, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(casesOf({ short: 1500, long: 25_000 }))
  expect(seen.segments).toBeGreaterThan(casesOf({ short: 6, long: 80 }))
})

test.each([0.98, 0.7, 0.3])(
  'a group that hears itself after %f ms, which is less than a bin, goes on through silence',
  async (delay) => {
    const loop = defineNetwork({
      groups: { in: source(INPUTS), a: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: uniform(0.9, 1.1) }) },
      projections: [
        connect('in', 'a', fixedInDegree(150, 0.6, { multiple: true })),
        connect('a', 'a', fixedInDegree(20, -0.001, { multiple: true }), { delay }),
      ],
    })
    await using session = await open(loop, { seed: SEED })
    expect(session.kernels.map(({ engine }) => engine)).toEqual(['window'])
    const trains = trainsOf([[0.5, 2.174, 2.35, 4.19, 6.3].map((time, unit) => ({ time, unit }))])
    const trials = { count: 1, until: UNTIL, inputs: { in: trains } }
    const { spikes } = await session.simulate(trials, { record: ['a'] })
    expect(spikes.a!.times.length).toBeGreaterThan(20)
    const found = await streamed(session, { record: ['a'], until: UNTIL, segment: 0.9, inputs: { in: trains } })
    expectSameBits(found.spikes, spikes)
  },
)
