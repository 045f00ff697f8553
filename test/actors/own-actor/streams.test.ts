import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { firstTrial } from '../../support/arbitrary-stream.js'
import { openLinked } from '../../support/open-linked.js'
import { expectSameBits } from '../../support/same-bits.js'
import { joinedTrains, streamed } from '../../support/streamed.js'
import { LOOPED, RELAYED, TRIALS } from './relay-network.js'

const RECORD = ['relay', 'out']

test.each([
  ['in a row', RELAYED],
  ['around a loop', LOOPED],
])('a stream with an actor %s is cut anywhere, and goes on elsewhere', async (_, network) => {
  const [{ until }, inputs] = [TRIALS, firstTrial(TRIALS)]
  await using whole = await open(network, { seed: 3 })
  const expected = await whole.simulate({ count: 1, until, inputs }, { record: RECORD })
  expect(expected.spikes.relay!.times.length).toBeGreaterThan(20)
  await using early = await open(network, { seed: 3, placement: placeOnCores(network, 3) })
  const options = { until, inputs, record: RECORD }
  expectSameBits((await streamed(early, { ...options, segment: 2.5 })).spikes, expected.spikes)
  const part = await streamed(early, { ...options, segment: 2.5 }, 3)
  expect(part.state!.time).toBe(7.5)
  await using late = await openLinked(network, placeOnCores(network, 2), { seed: 3 })
  const rest = await streamed(late, { ...options, segment: 4, from: structuredClone(part.state!) })
  const halves = Object.fromEntries(RECORD.map((name) => [name, [part.spikes[name]!, rest.spikes[name]!]]))
  expect(rest.spikes.relay!.times.length).toBeGreaterThan(0)
  expectSameBits(joinedTrains(halves), expected.spikes)
})
