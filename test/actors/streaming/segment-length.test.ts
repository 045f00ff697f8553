import { expect, test } from 'vitest'
import { adaptiveLength, fixedLength } from '../../../src/actors/streaming/segment-length.js'

test('a length doubles in silence and halves in a crowd, from 1 to 32 ms', () => {
  const length = adaptiveLength()
  const after = (spikes: number, times: number) =>
    Array.from({ length: times }, () => {
      length.seen(spikes)
      return length.value
    })
  expect(length.value).toBe(8)
  expect(after(0, 4)).toEqual([16, 32, 32, 32])
  expect(after(100_000, 2)).toEqual([32, 32])
  expect(after(300_000, 6)).toEqual([16, 8, 4, 2, 1, 1])
  expect(after(49_999, 1)).toEqual([2])
})

test('a length that is given stays', () => {
  const length = fixedLength(3)
  for (const spikes of [0, 1e9]) length.seen(spikes)
  expect(length.value).toBe(3)
})
