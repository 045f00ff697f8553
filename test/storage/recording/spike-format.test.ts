import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSpikeBlock, encodeSpikeBlock } from '../../../src/storage/spike-file/spike-block.js'
import { decodeSpikeHeader, encodeSpikeHeader, headerLength } from '../../../src/storage/spike-file/spike-header.js'
import { trainsOf } from '../../learning/trains.js'
import { expectSameBits } from '../../support/same-bits.js'

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/(.{16})(?=.)/g, '$1 ')

test('the bytes of a header', () => {
  const bytes = encodeSpikeHeader({ group: 'out', size: 300 })
  expect(hex(bytes)).toBe(
    '414e545301000200 280000002c010000 0300000000000000 CHECKSUM00000000 6f75740000000000'.replace(
      'CHECKSUM',
      hex(bytes.subarray(24, 28)),
    ),
  )
  expect(headerLength(bytes)).toBe(40)
  expect(decodeSpikeHeader(bytes)).toEqual({ group: 'out', size: 300 })
})

test('the bytes of a block', () => {
  const trains = trainsOf([
    [
      { time: 1, unit: 3 },
      { time: 1.5, unit: 258 },
    ],
  ])
  const bytes = encodeSpikeBlock({ number: 7, window: { start: 0, end: 2 }, trains }, 2)
  expect(hex(bytes)).toBe(
    `53424c4b07000000 0000000000000000 0000000000000040 02000000CHECKSUM 000000000000f03f 000000000000f83f 0300020100000000`.replace(
      'CHECKSUM',
      hex(bytes.subarray(28, 32)),
    ),
  )
})

const block = fc
  .record({
    width: fc.constantFrom(1, 2, 4) as fc.Arbitrary<1 | 2 | 4>,
    number: fc.nat(),
    spikes: fc.array(fc.record({ time: fc.double({ min: 0, noNaN: true }), unit: fc.nat(255) })),
  })
  .map(({ width, number, spikes }) => {
    const sorted = spikes.toSorted((a, b) => a.time - b.time || a.unit - b.unit)
    return { width, block: { number, window: { start: 0.1, end: 2 }, trains: trainsOf([sorted]) } }
  })

test('a block is read back bit for bit, and not at all with a bit wrong', () => {
  fc.assert(
    fc.property(block, fc.nat(), ({ width, block: written }, wrong) => {
      const bytes = encodeSpikeBlock(written, width)
      expect(bytes.length % 8).toBe(0)
      expectSameBits(decodeSpikeBlock(bytes, width), written)
      const bit = wrong % (8 * bytes.length)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      expect(decodeSpikeBlock(bytes, width)).toBeNull()
    }),
  )
})
