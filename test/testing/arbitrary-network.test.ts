import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Recording, Trials } from '../../src/learning/session.js'
import type { Network } from '../../src/network/description/network.js'
import { components } from '../../src/network/graph/components.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { arbitraryNetwork, type NetworkRange } from '../../src/testing/arbitrary-network.js'
import { arbitraryTrials, type TrialRange } from '../../src/testing/arbitrary-trials.js'
import { eventSequence } from '../../src/testing/event-sequence.js'
import { recordingsAreEqual } from '../../src/testing/recordings-are-equal.js'
import { spikesAreOrdered } from '../../src/testing/spikes-are-ordered.js'
import { spikesHaveCauses } from '../../src/testing/spikes-have-causes.js'
import { casesOf } from '../support/cases-of.js'

interface Case {
  readonly network: Network
  readonly trials: Trials
}

function cases(range: NetworkRange = {}, trials: TrialRange = {}): fc.Arbitrary<Case> {
  return arbitraryNetwork(range).chain((network) =>
    arbitraryTrials(network, trials).map((fed) => ({ network, trials: fed })),
  )
}

async function simulate({ network, trials }: Case): Promise<Recording> {
  const session = await open(network)
  return session.simulate(trials).finally(() => session.close())
}

test('what a session records keeps the laws', async () => {
  await fc.assert(
    fc.asyncProperty(cases(), async (one) => {
      const recording = await simulate(one)
      spikesAreOrdered(recording, one.trials.until)
      spikesHaveCauses(one.network, one.trials, recording)
      recordingsAreEqual(recording, await simulate(one))
    }),
    { numRuns: casesOf({ short: 12, long: 40 }) },
  )
})

test('input that meets on a grid keeps them, too', async () => {
  await fc.assert(
    fc.asyncProperty(cases({ readout: 'li' }, { grid: 1 }), async (one) => {
      expect(Object.values(one.trials.inputs).every(({ times }) => times.every(Number.isInteger))).toBe(true)
      const recording = await simulate(one)
      spikesAreOrdered(recording, one.trials.until)
      spikesHaveCauses(one.network, one.trials, recording)
      expect(eventSequence(one.network, one.trials, recording)).toMatch(/largest/)
    }),
    { numRuns: casesOf({ short: 10, long: 30 }) },
  )
})

test('networks whose input emits by itself keep them, too', async () => {
  const seen = { emitted: 0, caused: 0 }
  await fc.assert(
    fc.asyncProperty(cases({ input: 'emitting' }), async (one) => {
      expect(one.trials.inputs).toEqual({})
      const session = await open(one.network)
      const record = one.network.groups.map(({ name }) => name)
      const recording = await session.simulate(one.trials, { record }).finally(() => session.close())
      spikesAreOrdered(recording, one.trials.until)
      spikesHaveCauses(one.network, one.trials, recording)
      seen.emitted += recording.spikes.input?.times.length ?? 0
      seen.caused += recording.spikes.layer1?.times.length ?? 0
    }),
    { numRuns: casesOf({ short: 12, long: 30 }) },
  )
  expect(seen.emitted).toBeGreaterThan(casesOf({ short: 60, long: 150 }))
  expect(seen.caused).toBeGreaterThan(casesOf({ short: 12, long: 30 }))
})

describe('generated networks', () => {
  const drawn = fc.sample(cases({ layers: [2, 3] }, { count: [1, 1] }), { numRuns: 100, seed: 1 })

  test('spike in every layer, a handful of times', async () => {
    let layers = 0
    let silent = 0
    let neurons = 0
    let spikes = 0
    for (const one of drawn.slice(0, casesOf({ short: 35, long: 100 }))) {
      const recording = await simulate(one)
      for (const { name, kind, size } of one.network.groups) {
        if (kind !== 'lif') continue
        const count = recording.spikes[name]?.times.length ?? 0
        layers += 1
        silent += count === 0 ? 1 : 0
        neurons += size
        spikes += count
      }
    }
    expect(silent / layers).toBeLessThan(0.15)
    expect(spikes / neurons).toBeGreaterThan(1)
    expect(spikes / neurons).toBeLessThan(15)
  })

  test('have every mechanism somewhere', () => {
    const groups = drawn.flatMap(({ network }) => network.groups.flatMap((g) => (g.kind === 'lif' ? [g] : [])))
    for (const field of ['bias', 'refractory', 'adaptStep', 'vReset'] as const) {
      expect(groups.some((group) => group[field] === 0)).toBe(true)
      expect(groups.some((group) => group[field] !== 0)).toBe(true)
    }
    const [equal, near, split] = [
      groups.filter(({ tauMem, tauSyn }) => tauSyn === tauMem),
      groups.filter(({ tauMem, tauSyn }) => tauSyn !== tauMem && Math.abs(Number(tauSyn) / Number(tauMem) - 1) < 1e-9),
      groups.filter(({ tauSynExc, tauSynInh }) => tauSynExc !== tauSynInh),
    ]
    expect(equal.length * near.length * split.length).toBeGreaterThan(0)
    const projections = drawn.flatMap(({ network }) => network.projections)
    expect(new Set(projections.map(({ delays }) => delays.kind))).toEqual(
      new Set(['none', 'scalar', 'perSource', 'perSynapse']),
    )
    expect(new Set(projections.map(({ connectivity }) => connectivity.kind))).toEqual(new Set(['dense', 'synapses']))
  })

  test.each([
    ['never', false],
    ['always', true],
  ] as const)('with recurrence %s', (recurrence, cyclic) => {
    fc.assert(
      fc.property(arbitraryNetwork({ recurrence }), (network) => {
        expect(components(instantiate(network, 0)).some((component) => component.cyclic)).toBe(cyclic)
      }),
    )
  })

  test('stay within what was asked for', () => {
    fc.assert(
      fc.property(arbitraryNetwork({ layers: [2, 2], neurons: 3, readout: 'li' }), (network) => {
        expect(network.groups.map(({ kind }) => kind)).toEqual(['source', 'lif', 'lif', 'li'])
        expect(network.groups.every(({ size }) => size <= 3)).toBe(true)
      }),
    )
  })
})
