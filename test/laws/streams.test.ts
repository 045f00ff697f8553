import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { StreamingSession, StreamOptions } from '../../src/actors/streaming/spike-stream.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { firstTrial, segmentLength } from '../support/arbitrary-stream.js'
import { casesOf } from '../support/cases-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { networkCase } from '../support/network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'
import { joinedTrains, streamed as streamedFrom } from '../support/streamed.js'

const RECORD = ['in', 'a', 'b']

function streamed(session: StreamingSession, options: StreamOptions, most?: number) {
  return streamedFrom(session, { record: RECORD, ...options }, most)
}

const placed = fc.oneof(cutNetworkCase, denseNetworkCase).chain((sample) =>
  fc.record({
    sample: fc.constant(sample),
    segment: segmentLength,
    first: arbitraryPlacement(sample.network, 4),
    second: arbitraryPlacement(sample.network, 4),
    stop: fc.integer({ min: 1, max: 4 }),
    order: fc.nat(),
  }),
)

test('no segment, no placement and no restart from a saved state changes a bit', async () => {
  const seen = { spikes: 0, segments: 0, states: 0, held: 0 }
  const numRuns = casesOf({ short: 6, long: 14 })
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, segment, first, second, stop, order }) => {
      const { network, seed, trials } = sample
      const { until } = trials
      const inputs = firstTrial(trials)
      await using whole = await open(network, { seed })
      const expected = await whole.simulate({ count: 1, until, inputs }, { record: RECORD })
      const deliver = shuffledDelivery(order)
      await using early = await open(network, { seed, placement: first, deliver })
      const all = await streamed(early, { until, inputs, segment })
      expectSameBits(all.spikes, expected.spikes)
      // The same once more, for nothing of a stream survives it; stopped, and gone on with elsewhere.
      const part = await streamed(early, { until, inputs, segment }, stop)
      seen.spikes += all.spikes.b!.times.length
      seen.segments += all.segments
      if (part.state === null || part.state.time >= until) return
      await using late = await openLinked(network, second, { seed, deliver })
      const rest = await streamed(late, { until, inputs, segment: 1.5 * segment, from: part.state })
      const halves = Object.fromEntries(RECORD.map((name) => [name, [part.spikes[name]!, rest.spikes[name]!]]))
      expectSameBits(joinedTrains(halves), expected.spikes)
      seen.states++
      seen.held += Object.values(part.state.inFlight).reduce((sum, { times }) => sum + times.length, 0)
    }),
    { numRuns, seed: 5, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(10 * numRuns)
  expect(seen.segments).toBeGreaterThan(3 * numRuns)
  expect(seen.states).toBeGreaterThan(numRuns / 2)
  expect(seen.held).toBeGreaterThan(numRuns)
})

test('nor where spikes go around in no time', async () => {
  let spikes = 0
  await fc.assert(
    fc.asyncProperty(
      networkCase('immediate'),
      segmentLength,
      fc.integer({ min: 1, max: 4 }),
      async (sample, segment, stop) => {
        const { network, trials } = sample
        const { until } = trials
        const inputs = firstTrial(trials)
        await using session = await open(network, { seed: 1 })
        const expected = await session.simulate({ count: 1, until, inputs }, { record: RECORD })
        expectSameBits((await streamed(session, { until, inputs, segment })).spikes, expected.spikes)
        const part = await streamed(session, { until, inputs, segment }, stop)
        if (part.state === null) return
        const rest = await streamed(session, { until, inputs, segment, from: part.state })
        const halves = Object.fromEntries(RECORD.map((name) => [name, [part.spikes[name]!, rest.spikes[name]!]]))
        expectSameBits(joinedTrains(halves), expected.spikes)
        spikes += expected.spikes.b!.times.length
      },
    ),
    { numRuns: casesOf({ short: 4, long: 25 }), seed: 6, endOnFailure: true },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 16, long: 100 }))
})

test('a state is the same on every placement', async () => {
  let held = 0
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, segment, first, second, stop }) => {
      const { network, seed, trials } = sample
      const options = { until: trials.until, inputs: firstTrial(trials), segment }
      await using one = await open(network, { seed, placement: first })
      await using other = await open(network, { seed, placement: second })
      const [a, b] = [await streamed(one, options, stop), await streamed(other, options, stop)]
      expectSameBits(a.state, b.state)
      held += Object.values(a.state?.inFlight ?? {}).reduce((sum, { times }) => sum + times.length, 0)
    }),
    { numRuns: casesOf({ short: 4, long: 8 }), seed: 7, endOnFailure: true },
  )
  expect(held).toBeGreaterThan(casesOf({ short: 4, long: 8 }))
})
