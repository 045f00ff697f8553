import { expect, test } from 'vitest'
import { requireLiveSpikes } from '../../../src/actors/streaming/require-live-spikes.js'

const PROMISE = { group: 'in', size: 5, watermark: 0 }

test('units of one instant may come in any order, and are put in that of the units', () => {
  const { times, units } = requireLiveSpikes({ times: [1, 2, 2, 2, 3], units: [4, 3, 0, 1, 2], watermark: 5 }, PROMISE)
  expect([...times]).toEqual([1, 2, 2, 2, 3])
  expect([...units]).toEqual([4, 0, 1, 3, 2])
})

test('the sender may use its arrays again', () => {
  const chunk = { times: Float64Array.of(1, 2), units: Uint32Array.of(0, 1), watermark: 5 }
  const { times, units } = requireLiveSpikes(chunk, PROMISE)
  chunk.times.fill(9)
  chunk.units.fill(4)
  expect([...times]).toEqual([1, 2])
  expect([...units]).toEqual([0, 1])
})
