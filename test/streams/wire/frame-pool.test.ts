import { expect, test } from 'vitest'
import { HEADER_BYTES } from '../../../src/streams/wire/frame.js'
import { createFramePool } from '../../../src/streams/wire/frame-pool.js'

const MEBIBYTE = 1 << 20

test('a large frame that came back is handed out again for a payload of its size', () => {
  const pool = createFramePool()
  const frame = pool.take(MEBIBYTE)
  expect(frame.byteLength).toBe(HEADER_BYTES + MEBIBYTE)
  pool.giveBack(frame)
  expect(pool.take(MEBIBYTE + 8)).not.toBe(frame)
  expect(pool.take(MEBIBYTE)).toBe(frame)
  expect(pool.take(MEBIBYTE)).not.toBe(frame)
})

test('what was not taken from it, is small, or came back before stays away', () => {
  const pool = createFramePool()
  const foreign = new Uint8Array(HEADER_BYTES + MEBIBYTE)
  const [small, large] = [pool.take(8), pool.take(2 * MEBIBYTE)]
  for (const frame of [foreign, small, large, large]) pool.giveBack(frame)
  expect(pool.take(MEBIBYTE)).not.toBe(foreign)
  expect(pool.take(8)).not.toBe(small)
  expect(pool.take(2 * MEBIBYTE)).toBe(large)
  expect(pool.take(2 * MEBIBYTE)).not.toBe(large)
})

test('the oldest frames go where more than 16 MiB would wait', () => {
  const pool = createFramePool()
  const frames = Array.from({ length: 20 }, () => pool.take(MEBIBYTE))
  for (const frame of frames) pool.giveBack(frame)
  const again = frames.map(() => pool.take(MEBIBYTE)).filter((frame) => frames.includes(frame))
  expect(again).toEqual(frames.slice(-15))
})
