import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { LiveSpikes } from '../../src/actors/streaming/require-live-spikes.js'
import { balancedNetwork } from '../../src/data/balanced.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { segmentLength } from '../support/arbitrary-stream.js'
import { INPUTS, networkOf, windowSample } from '../support/arbitrary-window-network.js'
import { casesOf } from '../support/cases-of.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { joinedTrains, streamed } from '../support/streamed.js'
import { randomTrains } from '../support/window-case.js'

const [UNTIL, SEED] = [40, 3]
const record = ['exc', 'inh']

test('streams of large sparse groups have the bits of a simulation, on any placement and from any state', async () => {
  const network = balancedNetwork({ neurons: 1000, inDegree: 100 })
  await using one = await open(network, { seed: SEED })
  const expected = (await one.simulate({ count: 1, until: UNTIL, inputs: {} }, { record })).spikes
  const seen = { states: 0, held: 0 }
  await fc.assert(
    fc.asyncProperty(
      arbitraryPlacement(network, 2),
      segmentLength,
      fc.integer({ min: 1, max: 6 }),
      async (placement, segment, stop) => {
        await using two = await openLinked(network, placement, { seed: SEED })
        expectSameBits((await streamed(two, { record, until: UNTIL, segment })).spikes, expected)
        const part = await streamed(two, { record, until: UNTIL, segment }, stop)
        const again = await streamed(one, { record, until: UNTIL, segment }, stop)
        expectSameBits(again.state, part.state)
        if (part.state === null || part.state.time >= UNTIL) return
        for (const session of [one, two]) {
          const rest = await streamed(session, { record, until: UNTIL, segment: 1.3 * segment, from: part.state })
          const halves = record.map((name) => [name, [part.spikes[name]!, rest.spikes[name]!]] as const)
          expectSameBits(joinedTrains(Object.fromEntries(halves)), expected)
        }
        seen.states++
        seen.held += Object.values(part.state.inFlight).reduce((sum, { times }) => sum + times.length, 0)
      },
    ),
    { numRuns: casesOf({ short: 2, long: 12 }), seed: 4, endOnFailure: true },
  )
  expect(expected.exc!.times.length).toBeGreaterThan(1000)
  expect(seen.states).toBeGreaterThan(casesOf({ short: 0, long: 2 }))
  expect(seen.held).toBeGreaterThan(100)
})

test('nor do live sources change a bit, wherever their watermarks stand', async () => {
  let spikes = 0
  const watermarks = fc.uniqueArray(fc.double({ min: 0.1, max: UNTIL - 0.1, noNaN: true }), {
    minLength: 1,
    maxLength: 9,
  })
  await fc.assert(
    fc.asyncProperty(windowSample, watermarks, async (sample, cuts) => {
      const network = networkOf(sample)
      const input = randomTrains(INPUTS, 0.05, UNTIL, 1, 'live')
      await using session = await open(network, { seed: SEED })
      const whole = await session.simulate({ count: 1, until: UNTIL, inputs: { input } }, { record: ['cells'] })
      const ends = [...cuts.toSorted((a, b) => a - b), UNTIL]
      async function* live(): AsyncGenerator<LiveSpikes> {
        let from = 0
        for (const watermark of ends) {
          const at = input.times.findIndex((time) => time >= watermark)
          const to = at < 0 ? input.times.length : at
          yield { watermark, times: input.times.slice(from, to), units: input.units.slice(from, to) }
          from = to
        }
      }
      const found = await streamed(session, { record: ['cells'], until: UNTIL, inputs: { input: live() } })
      expectSameBits(found.spikes, whole.spikes)
      spikes += whole.spikes.cells!.times.length
    }),
    { numRuns: casesOf({ short: 2, long: 12 }), seed: 5, endOnFailure: true },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 150, long: 1000 }))
})
