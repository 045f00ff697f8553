import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ClusterSession, openCluster } from '../../src/actors/open-cluster.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import { spikeCount } from '../../src/learning/define-loss.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import type { TrafficSplit } from '../../src/streams/link.js'
import { arbitraryEmission } from '../../src/testing/arbitrary-emission.js'
import { trainsOf } from '../learning/trains.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { expectedTraffic } from '../support/expected-traffic.js'
import { repeatTrains } from '../support/repeat-trains.js'

const RECORD = ['in', 'a', 'b']
const LOSS = spikeCount('a', { tau: 20 })

/** What was sent over all links so far. */
async function sentOver(session: ClusterSession): Promise<TrafficSplit> {
  const none = { spikes: 0, gradients: 0, lossSpikes: 0, lossGradients: 0 }
  const sum = { ...none, lossValues: 0, sharedValues: 0, listeners: 0, control: 0 }
  const traffic = await session.traffic()
  for (const { core, peer, sent } of traffic) {
    const other = traffic.find((link) => link.core === peer && link.peer === core)
    expect(other?.received.split).toEqual(sent.split)
    expect(sent.spikes).toBe(sent.split.spikes + sent.split.lossSpikes)
    expect(sent.gradientEvents).toBe(sent.split.gradients + sent.split.lossGradients)
    for (const part of Object.keys(sum) as (keyof TrafficSplit)[]) sum[part] += sent.split[part]
  }
  return sum
}

/** What one piece of work sends. */
async function sentDuring(session: ClusterSession, work: () => Promise<unknown>) {
  const before = await sentOver(session)
  await work()
  const after = await sentOver(session)
  const grown = (part: keyof TrafficSplit) => after[part] - before[part]
  return {
    forward: { spikes: grown('spikes'), lossSpikes: grown('lossSpikes') },
    backward: { gradients: grown('gradients'), lossGradients: grown('lossGradients') },
    listeners: grown('listeners'),
  }
}

/** Emits by itself, or is given its spikes. */
const sampled = fc.oneof(cutNetworkCase, cutNetworkCase, denseNetworkCase).chain((sample) => {
  const { size } = sample.network.groups.find(({ name }) => name === 'in')!
  return fc.option(arbitraryEmission(size)).map((emitting) => {
    if (emitting === null) return sample
    const groups = sample.network.groups.map((group) => (group.name === 'in' ? { name: 'in', ...emitting } : group))
    return { ...sample, network: { ...sample.network, groups }, trials: { ...sample.trials, inputs: {} } }
  })
})

const placed = sampled.chain((sample) =>
  fc.record({ sample: fc.constant(sample), placement: arbitraryPlacement(sample.network, 4) }),
)

test('a spike crosses once for every other core that holds a synapse of its unit, and gradients return as often', async () => {
  const numRuns = casesOf({ short: 8, long: 40 })
  const seen = { spikes: 0, gradients: 0, listeners: 0, recurrent: 0, emitted: 0 }
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, placement }) => {
      const { network, seed, trials, isRecurrent } = sample
      await using session = await openCluster(network, placement, { seed, transport: 'local' })
      let spikes: Awaited<ReturnType<typeof session.simulate>>['spikes'] = {}
      const forward = await sentDuring(session, async () => {
        ;({ spikes } = await session.simulate(trials, { record: RECORD }))
      })
      const expected = expectedTraffic(network, placement, seed, spikes, { observed: 'a' })
      expect(forward).toEqual({
        forward: { spikes: expected.spikes, lossSpikes: 0 },
        backward: { gradients: 0, lossGradients: 0 },
        listeners: expected.listeners,
      })
      const trained = await sentDuring(session, () => session.gradient(trials, LOSS, trials.labels))
      expect(trained).toEqual({
        forward: { spikes: expected.spikes, lossSpikes: expected.lossSpikes },
        backward: { gradients: expected.gradients, lossGradients: expected.lossSpikes },
        listeners: 0,
      })
      seen.spikes += expected.spikes
      seen.gradients += expected.gradients
      seen.listeners += expected.listeners
      if (isRecurrent) seen.recurrent++
      if (!('in' in trials.inputs)) seen.emitted++
    }),
    { numRuns, seed: 22, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(10 * numRuns)
  expect(seen.gradients).toBeGreaterThan(10 * numRuns)
  expect(seen.listeners).toBeGreaterThan(numRuns / 2)
  expect(seen.recurrent).toBeGreaterThan(numRuns / 8)
  expect(seen.emitted).toBeGreaterThan(numRuns / 8)
})

test('nor do micro-batches send anything twice', async () => {
  const cases = denseNetworkCase.chain((sample) =>
    fc.record({ sample: fc.constant(sample), placement: arbitraryPlacement(sample.network, 3, ['a']) }),
  )
  const numRuns = casesOf({ short: 2, long: 10 })
  let returned = 0
  await fc.assert(
    fc.asyncProperty(cases, async ({ sample, placement }) => {
      const { network, seed } = sample
      const count = 19
      const trials: LabelledTrials = {
        ...{ count, until: sample.trials.until, labels: new Uint8Array(count) },
        inputs: { in: repeatTrains(sample.trials.inputs.in!, count) },
      }
      await using session = await openCluster(network, placement, { seed, transport: 'local', microBatch: 8 })
      const { spikes } = await session.simulate(trials, { record: RECORD })
      const expected = expectedTraffic(network, placement, seed, spikes, { observed: 'a' })
      const trained = await sentDuring(session, () => session.gradient(trials, LOSS, trials.labels))
      expect(trained.forward).toEqual({ spikes: expected.spikes, lossSpikes: expected.lossSpikes })
      expect(trained.backward).toEqual({ gradients: expected.gradients, lossGradients: expected.lossSpikes })
      returned += expected.gradients
    }),
    { numRuns, seed: 23, endOnFailure: true },
  )
  expect(returned).toBeGreaterThan(20 * numRuns)
})

// On the SIMD kernel a slice meets what arrives at any neuron of its group.
test.each([
  ['reference', 1],
  ['simd', 2],
] as const)('absent pairs are no synapses, weights of 0 are: on the %s kernel', async (kernel, heard) => {
  const neurons = (size: number) => lif(size, { tauMem: 20, tauSyn: 5, threshold: 1 })
  // Unit 0 has a synapse of weight 0, unit 1 none, unit 2 one in the second half.
  const weights = Array.from({ length: 64 }, (_, target) => [0, null, target === 40 ? 1 : null])
  const network: Network = defineNetwork({
    groups: { in: source(1), a: neurons(3), b: neurons(64) },
    projections: [connect('in', 'a', dense(9)), connect('a', 'b', dense(weights), { delay: 1 })],
  })
  const placement = definePlacement(network, [
    [
      { group: 'in', start: 0, end: 1 },
      { group: 'a', start: 0, end: 3 },
    ],
    [{ group: 'b', start: 0, end: 32 }],
    [{ group: 'b', start: 32, end: 64 }],
  ])
  await using session = await openCluster(network, placement, { seed: 1, transport: 'local', kernel })
  const inputs = { in: trainsOf([[{ time: 1, unit: 0 }]]) }
  const { spikes } = await session.simulate({ count: 1, until: 20, inputs }, { record: RECORD })
  const each = spikes.a!.times.length / 3
  expect(each).toBeGreaterThan(0)
  const toCore = async (peer: number) => (await session.traffic()).find((link) => link.peer === peer)!.sent.spikes
  expect([await toCore(1), await toCore(2)]).toEqual([heard * each, 2 * each])
})
