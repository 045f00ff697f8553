import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { chooseKernels } from '../../src/dynamics/kernels/choose-kernel.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Placement } from '../../src/hardware/placement.js'
import type { Network } from '../../src/network/description/network.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { firstTrial, segmentLength } from '../support/arbitrary-stream.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { holedNetworkCase } from '../support/cut-network-case.js'
import { expectedTraffic } from '../support/expected-traffic.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'
import { joinedTrains, streamed } from '../support/streamed.js'

const RECORD = ['in', 'a', 'b']

const placed = holedNetworkCase.chain((sample) =>
  fc.record({
    sample: fc.constant(sample),
    placement: arbitraryPlacement(sample.network, 4, ['a', 'b']),
    other: arbitraryPlacement(sample.network, 3),
    order: fc.nat(),
  }),
)

function expectShared(network: Network): void {
  for (const choice of chooseKernels(network)) expect(choice).toMatchObject({ engine: 'simd', feed: 'shared' })
}

/** Spikes that go to cores on which no neuron has a synapse of their unit, but some elsewhere in the group has. */
function sparedBySlices(
  network: Network,
  placement: Placement,
  seed: number,
  spikes: Readonly<Record<string, SpikeTrains>>,
): number {
  const sent = (kernel: 'simd' | 'reference') => expectedTraffic(network, placement, seed, spikes, { kernel }).spikes
  return sent('simd') - sent('reference')
}

test('no placement changes a bit where units have synapses with some blocks of a group alone', async () => {
  const seen = { spikes: 0, cores: 0, spared: 0 }
  const numRuns = casesOf({ short: 4, long: 20 })
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, placement, order }) => {
      const { network, seed, trials } = sample
      expectShared(network)
      const whole = await courseOf(await open(network, { seed }), trials)
      const deliver = shuffledDelivery(order)
      expectSameBits(await courseOf(await open(network, { seed, placement, deliver }), trials), whole)
      seen.spikes += whole.simulated.spikes.b!.times.length
      seen.cores += placement.cores.length
      seen.spared += sparedBySlices(network, placement, seed, whole.simulated.spikes)
    }),
    { numRuns, seed: 34, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(10 * numRuns)
  expect(seen.cores).toBeGreaterThan(2 * numRuns)
  expect(seen.spared).toBeGreaterThan(numRuns)
})

test('nor does one of a stream, nor going on elsewhere', async () => {
  let spikes = 0
  const numRuns = casesOf({ short: 2, long: 20 })
  await fc.assert(
    fc.asyncProperty(placed, segmentLength, async ({ sample, placement, other, order }, segment) => {
      const { network, seed, trials } = sample
      const { until } = trials
      const inputs = firstTrial(trials)
      await using whole = await open(network, { seed })
      const expected = await whole.simulate({ count: 1, until, inputs }, { record: RECORD })
      const deliver = shuffledDelivery(order)
      await using early = await openLinked(network, placement, { seed, deliver })
      const part = await streamed(early, { record: RECORD, until, inputs, segment }, 2)
      spikes += expected.spikes.b!.times.length
      if (part.state === null || part.state.time >= until) return expectSameBits(part.spikes, expected.spikes)
      await using late = await open(network, { seed, placement: other, deliver })
      const rest = await streamed(late, { record: RECORD, until, inputs, segment, from: part.state })
      const halves = RECORD.map((name) => [name, [part.spikes[name]!, rest.spikes[name]!]] as const)
      expectSameBits(joinedTrains(Object.fromEntries(halves)), expected.spikes)
    }),
    { numRuns, seed: 32, endOnFailure: true },
  )
  expect(spikes).toBeGreaterThan(5 * numRuns)
})
