import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import { parseInput } from '../../src/data/input-file.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import { RATE_BANDS } from '../../src/learning/banded-step.js'
import { spikeCount } from '../../src/learning/define-loss.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import { trainedNetwork } from '../../src/learning/trained-network.js'
import type { Network } from '../../src/network/description/network.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { parseNetwork } from '../../src/network/file/parse-network.js'
import { step } from '../actors/small-networks.js'
import { casesOf } from '../support/cases-of.js'
import { INHERITED, type Renaming, renamed, renamingOf, TELLING } from '../support/inherited-names.js'
import { networkCase, trialAlone, UNTIL } from '../support/network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { streamed } from '../support/streamed.js'

/** Within what a network may have, so that it can be written down again. */
const BOUNDS = { delays: [0, 10], thresholds: [0.3, 3], taus: [1, 100] } as const
const RATES = { weights: 0.01, delays: 0.05, thresholds: 0.001, taus: 0.01, bias: 0.001 }

/** Everything that is asked of a session by name, and what it is told by name. Closes it. */
async function courseOf(session: StreamingSession, fresh: StreamingSession, trials: LabelledTrials, names: Renaming) {
  const call = (name: string) => names.get(name) as string
  const groups = ['in', 'a', 'b', 'r'].map(call)
  const inputs = renamed(trials.inputs, names)
  const given = { ...trials, inputs }
  const losses = [
    { kind: 'spikeCount', group: call('b'), tau: 20 },
    { kind: 'vMax', group: call('r') },
  ] as const
  const simulated = await session.simulate(given, { record: groups })
  const gradients = []
  for (const loss of losses) gradients.push(await session.gradient(given, loss, given.labels ?? undefined))
  const steps = []
  for (const loss of losses) {
    const punished = { [call('a')]: 0.1 }
    const bands = { [call('a')]: { low: 1, high: 1, strength: 0.1 } }
    const options = step({
      loss,
      rates: RATES,
      bounds: BOUNDS,
      silentHinge: punished,
      silentWeightStep: punished,
      [RATE_BANDS]: bands,
    })
    steps.push(await session.train(given, options))
  }
  const parameters = await session.parameters()
  await fresh.restore(await session.save())
  const restored = await fresh.simulate(given, { record: groups })
  const whole = { until: UNTIL, inputs: { [call('in')]: trialAlone(trials.inputs.in!, 0) } }
  const shown = { ...whole, record: groups.slice(0, 3), segment: 7 }
  const first = await streamed(session, shown, 2)
  const rest = await streamed(session, { ...shown, from: first.state! })
  const learned = await trainedNetwork(session, 0)
  await session.close()
  await fresh.close()
  return { simulated, gradients, steps, parameters, restored, first, rest, learned }
}

/** Two cores, with spikes that go to the other one. */
function onTwoCores({ groups }: Network) {
  const slices = groups.map(({ name, size }) => ({ group: name, start: 0, end: size }))
  return [slices.slice(0, 2), slices.slice(2)] as const
}

const cases = fc.tuple(networkCase('recurrent'), fc.shuffledSubarray([...INHERITED], { minLength: INHERITED.length }))

test('what groups and projections are called changes nothing, though every object knew the names', async () => {
  const seen = { groups: new Set<string>(), projections: new Set<string>(), spikes: 0, moved: 0 }
  await fc.assert(
    fc.asyncProperty(cases, async ([{ network, trials, labels }, inherited]) => {
      const renaming = renamingOf(network, [...inherited, ...TELLING])
      const same: Renaming = renamingOf(network, [
        ...network.groups.map(({ name }) => name),
        ...network.projections.map(({ key }) => key),
      ])
      const strange = parseNetwork(formatNetwork(renamed(network, renaming)))
      expect(strange).toEqual(renamed(network, renaming))
      const given = { ...trials, labels }
      const expected = renamed(await courseOf(await open(network), await open(network), given, same), renaming)
      const course = (session: StreamingSession, fresh: StreamingSession) => courseOf(session, fresh, given, renaming)
      expectSameBits(await course(await open(strange), await open(strange)), expected)
      const placement = definePlacement(strange, onTwoCores(strange))
      const [here, there] = [await open(strange, { placement }), await openLinked(strange, placement, { seed: 0 })]
      expectSameBits(await course(there, here), expected)
      for (const { name } of strange.groups) seen.groups.add(name)
      for (const { key } of strange.projections) seen.projections.add(key)
      seen.spikes += expected.simulated.spikes[renaming.get('b')!]!.times.length
      if (expected.gradients.some(({ inputTimes }) => inputTimes[renaming.get('in')!]!.some((g) => g !== 0)))
        seen.moved++
    }),
    { numRuns: casesOf({ short: 4, long: 8 }), seed: 3, endOnFailure: true },
  )
  for (const name of INHERITED) expect([...seen.groups, ...seen.projections]).toContain(name)
  expect(INHERITED.filter((name) => seen.groups.has(name)).length).toBeGreaterThan(4)
  expect(INHERITED.filter((name) => seen.projections.has(name)).length).toBeGreaterThan(4)
  expect(seen.spikes).toBeGreaterThan(20)
  expect(seen.moved).toBeGreaterThan(2)
})

test('an input file may leave out a source of any name, and name one', () => {
  const groups = INHERITED.map((name) => ({ name, kind: 'source', size: 1 }))
  const network = parseNetwork(JSON.stringify({ format: 'antidrome-network', version: 1, groups, projections: [] }))
  const none = parseInput('{}', network)
  expect(Object.keys(none.trains)).toEqual(INHERITED)
  const [first = ''] = INHERITED
  const some = parseInput(JSON.stringify({ [first]: { times: [1], units: [0] } }), network)
  expect(INHERITED.map((name) => [...some.trains[name]!.times])).toEqual(INHERITED.map((_, k) => (k === 0 ? [1] : [])))
})

test('a result holds nothing under a name that no group has', async () => {
  const network = parseNetwork(
    JSON.stringify({
      format: 'antidrome-network',
      version: 1,
      groups: [
        { name: 'in', kind: 'source', size: 1 },
        { name: 'out', kind: 'lif', size: 1, tauMem: 10, tauSyn: 5, threshold: 1 },
      ],
      projections: [{ source: 'in', target: 'out', weights: 4 }],
    }),
  )
  const trials = { count: 1, until: 10, inputs: {} }
  const labels = Uint8Array.of(0)
  const loss = spikeCount('out')
  await using exact = await open(network)
  await using surrogate = openSurrogate(network)
  for (const session of [exact, surrogate]) {
    const { recording, gradients, inputTimes } = await session.gradient(trials, loss, labels)
    const { diagnosis } = await session.train({ ...trials, labels }, step({ loss }))
    const parameters = await session.parameters()
    expectNothing([recording.spikes, recording.maxima, inputTimes, diagnosis!.groups])
    expectNothing([gradients.groups, gradients.projections, parameters.groups, parameters.projections])
  }
  const stream = exact.stream({ until: 10, record: ['out'], segment: 5 })
  for await (const { spikes } of stream) {
    expectNothing([spikes])
    const { groups, inFlight } = await stream.saveState()
    expectNothing([groups, inFlight])
    break
  }
})

function expectNothing(records: readonly object[]): void {
  for (const record of records) for (const name of INHERITED) expect(Reflect.get(record, name)).toBeUndefined()
}
