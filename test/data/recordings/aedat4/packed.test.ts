import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unpackLz4Frame, xxh32 } from '../../../../src/data/recordings/aedat4/lz4-frame.js'
import { MOST_UNPACKED, packedBytes } from '../../../../src/data/recordings/aedat4/packed-bytes.js'
import { openZstd } from '../../../../src/data/recordings/aedat4/zstd-frame.js'
import { InputError } from '../../../../src/events/errors.js'
import { littleEndian } from '../bytes-of.js'
import { eventPacket } from './aedat4-bytes.js'
import { lz4Block, lz4Frame, plainXxh32 } from './lz4-bytes.js'
import { PACKED_BY_TOOLS } from './packed-by-tools.js'

const packed = (bytes: ArrayLike<number>) =>
  packedBytes(
    Uint8Array.from(bytes),
    (found, at) => new InputError({ code: 'X', field: `byte ${at}`, found, expected: '' }),
  )
const unpacked = (bytes: ArrayLike<number>) => [...unpackLz4Frame(packed(bytes))]
const byte = fc.nat({ max: 255 })
const someBytes = fc.oneof(
  fc.array(byte, { maxLength: 20 }),
  fc
    .tuple(byte, fc.constantFrom(14, 15, 16, 269, 270, 271, 600))
    .map(([value, length]) => Array<number>(length).fill(value)),
)
const copied = fc.oneof(fc.integer({ min: 4, max: 24 }), fc.constantFrom(18, 19, 273, 274, 700))
const sequences = fc.array(fc.record({ literals: someBytes, back: fc.nat(), copied }), { maxLength: 6 })

/** Copies that go back to where there is something: before the first byte there is not. */
function possible(all: readonly { literals: readonly number[]; back: number; copied: number }[], before: number) {
  let length = before
  return all.map((each) => {
    const literals = length + each.literals.length === 0 ? [7] : each.literals
    length += literals.length
    const back = 1 + (each.back % Math.min(length, 65_535))
    length += each.copied
    return { literals, back, copied: each.copied }
  })
}

describe('xxh32', () => {
  it('is that of its description', () => {
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 70 }), (bytes) => {
        expect(xxh32(Uint8Array.from(bytes))).toBe(plainXxh32(bytes))
      }),
    )
    expect(xxh32(new Uint8Array(0))).toBe(0x02cc5d05)
  })
})

describe('unpackLz4Frame', () => {
  it('gives back what sequences say, over blocks that look back, with and without checksums', () => {
    const options = fc.record(
      {
        blockChecks: fc.constant(true as const),
        check: fc.constant(true as const),
        content: fc.constant(true as const),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        sequences,
        someBytes,
        sequences,
        someBytes,
        someBytes,
        options,
        (one, end, other, last, stored, given) => {
          const first = lz4Block(possible(one, 0), end)
          const before = [...first.plain, ...stored]
          const second = lz4Block(possible(other, before.length), last, before)
          const plain = [...before, ...second.plain]
          expect(unpacked(lz4Frame([first.block, stored, second.block], plain, { ...given, stored: [1] }))).toEqual(
            plain,
          )
        },
      ),
    )
  })

  it('reads what the lz4 command writes', () => {
    const plain = [...eventPacket(PACKED_BY_TOOLS.events)]
    expect(unpacked(PACKED_BY_TOOLS.lz4)).toEqual(plain)
    expect(unpacked(PACKED_BY_TOOLS.lz4High)).toEqual(plain)
  })

  it('refuses a byte that is wrong, wherever it is: a checksum tells', () => {
    const whole = PACKED_BY_TOOLS.lz4
    for (let k = 0; k < whole.length; k++)
      expect(() => unpacked(whole.with(k, (whole[k] as number) ^ 0x10)), `${k}`).toThrow(InputError)
    for (let k = 0; k < whole.length; k++) expect(() => unpacked(whole.subarray(0, k))).toThrow(InputError)
  })

  it('says what is wrong, and where', () => {
    const frame =
      (block: readonly number[], options = {}) =>
      () =>
        unpacked(lz4Frame([block], [1], options))
    expect(frame([0x30, 1])).toThrow('byte 12: found the end of a block in a sequence')
    expect(frame([0x10, 1, 1])).toThrow('byte 13: found the end of a block in a copy')
    expect(frame([0x10, 1, 2, 0, 0x00])).toThrow('byte 13: found a copy from 2 bytes before')
    expect(frame([0x10, 1, 0, 0, 0x00])).toThrow('found a copy from 0 bytes before')
    expect(frame([0x1f, 1, 1, 0])).toThrow('found the end of a block in a length')
    expect(frame([0x10, 1, 1, 0])).toThrow('byte 15: found the end of a block before a sequence')
    expect(frame([0x1f, 1, 1, 0, ...Array<number>(260).fill(255), 0, 0])).toThrow(
      'found a block that is longer than it may be',
    )
    expect(() => unpacked([...lz4Frame([[0x10, 1]], [1]), 0])).toThrow('more behind the end of a frame')
    expect(() => unpacked(lz4Frame([[0x10, 1]], [1, 1], { content: true }))).toThrow('1 bytes where 2 are said to be')
    expect(() => unpacked(lz4Frame([[0x20, 1, 2]], [1], { content: true }))).toThrow(
      'a block that is longer than it may be',
    )
  })

  it('refuses frames that say they are enormous, without room for them', () => {
    const before = process.memoryUsage().arrayBuffers
    const sized = lz4Frame([], Array<number>(1), { content: true })
    const bytes = [...sized.subarray(0, 6), ...littleEndian(2n ** 40n, 8)]
    const header = [...bytes, Math.floor(plainXxh32(bytes.slice(4)) / 256) % 256]
    expect(() => unpacked(header)).toThrow('1099511627776 unpacked bytes')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
  })
})

describe('openZstd', () => {
  const frame = (...blocks: readonly number[][]) => [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, ...blocks.flat()]
  const block = (kind: number, size: number, isLast: boolean, content: readonly number[]) => [
    ...littleEndian(8 * size + 2 * kind + Number(isLast), 3),
    ...content,
  ]
  const opened = openZstd()
  const read = async (bytes: ArrayLike<number>) => [...(await opened)(packed(bytes))]

  it('reads what the zstd command writes, and frames by hand', async () => {
    const plain = [...eventPacket(PACKED_BY_TOOLS.events)]
    expect(await read(PACKED_BY_TOOLS.zstdHigh)).toEqual(plain)
    expect(await read(PACKED_BY_TOOLS.zstd)).toEqual(plain)
    expect(await read(frame(block(0, 3, false, [1, 2, 3]), block(1, 5, true, [9])))).toEqual([1, 2, 3, 9, 9, 9, 9, 9])
  })

  it('refuses a byte that is wrong, where there is a checksum', async () => {
    const whole = PACKED_BY_TOOLS.zstdHigh
    for (let k = 0; k < whole.length; k++) {
      const spoilt = read(whole.with(k, (whole[k] as number) ^ 0x10))
      // Of the window, which is not needed, the size may be another.
      await spoilt.then(
        (bytes) => expect(bytes).toEqual([...eventPacket(PACKED_BY_TOOLS.events)]),
        (error) => expect(error).toBeInstanceOf(InputError),
      )
      await expect(read(whole.subarray(0, k))).rejects.toThrow(InputError)
    }
  })

  it('refuses frames that would fill the memory, without room for them', async () => {
    await read(frame(block(0, 1, true, [1])))
    const { rss } = process.memoryUsage()
    const blocks = Array.from({ length: 1000 }, () => block(1, 2 ** 17, false, [0]))
    await expect(read(frame(...blocks, block(1, 1, true, [0])))).rejects.toThrow(
      `perhaps more than ${MOST_UNPACKED} unpacked`,
    )
    expect(process.memoryUsage().rss - rss).toBeLessThan(2 ** 25)
    await expect(read(frame(block(3, 1, true, [1])))).rejects.toThrow('a block of an unknown kind')
    await expect(read(frame(block(0, 1, true, [1]), [0]))).rejects.toThrow('more behind the end of a frame')
    await expect(read(frame(block(0, 2, true, [1])))).rejects.toThrow('its end in a block')
    await expect(read(frame(block(0, 0, true, [])))).rejects.toThrow('damaged, or empty')
  })
})
