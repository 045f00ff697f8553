import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const silentRing = (delay: number) =>
  defineNetwork({
    groups: { input: source(1), ring: lif(2, { tauMem: 10, tauSyn: 5, threshold: 1 }) },
    projections: [connect('input', 'ring', dense([[5], [6]])), connect('ring', 'ring', dense(-0.1), { delay })],
  })

const twice = (first: number, second: number): SpikeTrains => {
  return { offsets: Uint32Array.of(0, 2), times: Float64Array.of(first, second), units: Uint32Array.of(0, 0) }
}

test('silence on a cycle costs no windows', async () => {
  await using session = await open(silentRing(0.1))
  const far = { count: 1, until: 1e6, inputs: { input: twice(1, 9e5) } }
  const near = { count: 1, until: 2000, inputs: { input: twice(1, 1001) } }
  const loss = { kind: 'linear', group: 'ring', coefficients: [1, 2, 3, 4] } as const
  // Ten million windows of 0.1 ms would not end within the time a test has.
  const { recording, inputTimes } = await session.gradient(far, loss)
  expect(recording.spikes.ring?.times).toHaveLength(4)
  expect(Array.from(inputTimes.input ?? [])).toEqual([3, 7].map((sum) => expect.closeTo(sum, 8)))
  const again = await session.gradient(near, loss)
  const shifted = Array.from(again.recording.spikes.ring?.times ?? [], (time) => (time > 1000 ? time + 898_999 : time))
  expect(Array.from(recording.spikes.ring?.times ?? [])).toEqual(shifted.map((time) => expect.closeTo(time, 6)))
})
