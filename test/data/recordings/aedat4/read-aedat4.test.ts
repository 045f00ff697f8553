import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAedat4 } from '../../../../src/data/files/read-aedat4.js'
import { InputError } from '../../../../src/events/errors.js'
import { casesOf } from '../../../support/cases-of.js'
import { eventsOf, inOrder, itRefusesOrReads } from '../../../support/damaged-files.js'
import { failureOf } from '../../../support/failure-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { ascii, littleEndian } from '../bytes-of.js'
import * as written from './aedat4-bytes.js'
import { lz4Block, lz4Frame } from './lz4-bytes.js'
import { PACKED_BY_TOOLS } from './packed-by-tools.js'

const { aedat4Bytes, eventPacket, headerBytes, indexedBytes, plainAedat4, streamOf, EMPTY_PACKET, XML } = written

const event: fc.Arbitrary<written.DvEvent> = fc.record({
  time: fc
    .oneof(fc.nat({ max: 9 }), fc.nat({ max: 2 ** 31 - 1 }))
    .map((micros) => 1_600_000_000_000_000n + BigInt(micros)),
  x: fc.nat({ max: 39 }),
  y: fc.nat({ max: 29 }),
  on: fc.nat({ max: 1 }),
})
const packet: fc.Arbitrary<written.WrittenPacket> = fc.oneof(
  fc.array(event, { maxLength: 8 }).map((events) => ({ stream: 3, body: eventPacket(events) })),
  fc.uint8Array({ maxLength: 20 }).map((body) => ({ stream: 0, body })),
  fc.constant({ stream: 3, body: EMPTY_PACKET }),
)
const lz4 = (body: Uint8Array) => lz4Frame([lz4Block([], [...body]).block], [...body], { check: true })
const packed = (body: Uint8Array) => ({ stream: 3, body })

async function read(bytes: Uint8Array, options = {}) {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.aedat4')
  writeFileSync(path, bytes)
  return await readAedat4(path, options)
}
const eventsIn = async (bytes: Uint8Array) => eventsOf(await read(bytes))
const errorOf = async (bytes: Uint8Array) => {
  const { code, message } = await failureOf(read(bytes), InputError as never)
  return `${code} ${message.replace(/^.*?a\.aedat4: /, '')}`
}

describe('readAedat4', () => {
  it('reads what was written, packed or not, with and without an index', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.aedat4')
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { maxLength: 5 }), async (packets) => {
        const bytes = aedat4Bytes(packets)
        const frames = packets.map(({ stream, body }) => ({ stream, body: stream === 3 ? lz4(body) : body }))
        const expected = inOrder(plainAedat4(bytes) ?? [])
        for (const form of [bytes, indexedBytes(packets), aedat4Bytes(frames, 1), indexedBytes(frames, 2)]) {
          writeFileSync(path, form)
          expect(eventsOf(await readAedat4(path))).toEqual(expected)
        }
      }),
      { numRuns: casesOf({ short: 25, long: 100 }) },
    )
  })

  it('reads packets that the commands lz4 and zstd packed', async () => {
    const plain = aedat4Bytes([packed(eventPacket(PACKED_BY_TOOLS.events))])
    const expected = inOrder(plainAedat4(plain) ?? [])
    expect(expected.length).toBe(40)
    const { lz4: fast, lz4High, zstd, zstdHigh } = PACKED_BY_TOOLS
    for (const [body, compression] of [
      [fast, 1],
      [lz4High, 2],
      [zstd, 3],
      [zstdHigh, 4],
    ] as const)
      expect(await eventsIn(aedat4Bytes([packed(body)], compression))).toEqual(expected)
  })

  it('takes the camera from the header, or as it is said', async () => {
    const bytes = aedat4Bytes([packed(eventPacket([{ time: 5n, x: 39, y: 29, on: 1 }]))])
    expect((await read(bytes)).shape).toEqual([2, 30, 40])
    const larger = await read(bytes, { size: [260, 346] })
    expect([larger.shape, eventsOf(larger)]).toEqual([[2, 260, 346], [[0, 260 * 346 + 29 * 346 + 39]]])
  })

  it('reads a header whose fields are as they are by default, and so absent', async () => {
    // A table with the text alone.
    const text = [...littleEndian(4, 4), ...littleEndian(XML.length, 4), ...ascii(XML), 0]
    const vtable = [10, 8, 0, 0, 4].flatMap((value) => littleEndian(value, 2))
    const header = [...littleEndian(20, 4), ...ascii('IOHE'), ...vtable, 0, 0, ...littleEndian(12, 4), ...text]
    const packets = [packed(eventPacket([{ time: 7n, x: 1, y: 0, on: 0 }]))]
    expect(await eventsIn(aedat4Bytes(packets, 0, [...littleEndian(header.length, 4), ...header]))).toEqual([[0, 1]])
  })

  it('says what is wrong, and where', async () => {
    const good = eventPacket([{ time: 7n, x: 1, y: 0, on: 0 }])
    const start = aedat4Bytes([]).length
    const of = (body: Uint8Array, compression = 0) => errorOf(aedat4Bytes([packed(body)], compression))
    expect(await errorOf(Uint8Array.from(ascii('#!AER-DAT3.1\r\n')))).toMatch(
      /^DATA_FILE_FORMAT byte 0: found "#!AER-DAT3.1/,
    )
    expect(await errorOf(aedat4Bytes([]).slice(0, 16))).toMatch(/^DATA_FILE_DAMAGED byte 16: found its end/)
    expect(await errorOf(aedat4Bytes([]).slice(0, 200))).toMatch(/byte 14: found a header of \d+ bytes/)
    expect(await errorOf(aedat4Bytes([], 5))).toMatch(/^DATA_FILE_FORMAT header, compression: found 5/)
    expect(await errorOf(aedat4Bytes([], 0, headerBytes(0, 5n)))).toMatch(/header, dataTablePosition: found 5/)
    expect(await errorOf(aedat4Bytes([], 0, headerBytes(0, 2n ** 40n)))).toMatch(
      /dataTablePosition: found 1099511627776/,
    )
    const xml = (streams: string) =>
      errorOf(aedat4Bytes([], 0, headerBytes(0, -1n, `<node name="outInfo">${streams}</node>`)))
    expect(await xml(streamOf(0, 'IMUS', ''))).toMatch(/header, infoNode: found no stream of events/)
    expect(await xml(streamOf(0, 'EVTS', '') + streamOf(1, 'EVTS', ''))).toMatch(/found 2 streams of events/)
    expect(await xml(streamOf(0, 'EVTS', '<attr key="sizeX">3</attr>'))).toMatch(/found no size of the camera/)
    expect(await xml(streamOf(0, 'EVTS', '<attr key="sizeX">3</attr><attr key="sizeY">-3</attr>'))).toMatch(
      /height: found "-3"/,
    )
    expect(await errorOf(aedat4Bytes([packed(good)]).slice(0, -1))).toMatch(
      new RegExp(`byte ${start}: found a packet of 48 bytes`),
    )
    expect(await errorOf(Uint8Array.from([...aedat4Bytes([]), 1, 2]))).toMatch(
      new RegExp(`byte ${start}: found 2 bytes`),
    )
    expect(await of(good.with(8, 70))).toMatch(/unpacked byte 8: found a flatbuffer of kind "FVTS"/)
    expect(await of(good.with(0, 43))).toMatch(/unpacked byte 0: found a flatbuffer of 43 bytes in 48/)
    for (const [at, value] of [
      [4, 200],
      [20, 0x80],
      [21, 0x80],
      [12, 200],
      [24, 200],
      [28, 2],
      [31, 0xff],
    ] as const)
      expect(await of(good.with(at, value)), `${at}`).toMatch(/^DATA_FILE_DAMAGED .*found its end in a flatbuffer/)
    expect(await of(good.with(39, 0x80))).toMatch(/unpacked byte 32: found time -9223372036854776000/)
    expect(await of(good.with(41, 1))).toMatch(
      /^UNIT_OUT_OF_RANGE packet at byte \d+, unpacked byte 32: found an event at x 257/,
    )
    expect(await of(good.with(44, 2))).toMatch(/^UNIT_OUT_OF_RANGE .*polarity 2/)
    expect(await of(good, 1)).toMatch(new RegExp(`^DATA_FILE_DAMAGED byte ${start + 8}: found no LZ4 frame`))
    expect(await of(good, 3)).toMatch(new RegExp(`^DATA_FILE_DAMAGED byte ${start + 8}: found no Zstandard frame`))
  })
})

describe('readAedat4 of damaged files', () => {
  const packets = fc.sample(fc.array(packet, { minLength: 1, maxLength: 3 }), { numRuns: 40, seed: 7 })
  const plain = packets.map((each) => aedat4Bytes(each))
  const frames = packets.map((each) => each.map(({ stream, body }) => ({ stream, body: lz4(body) })))
  const { lz4High, zstd, zstdHigh } = PACKED_BY_TOOLS
  const read = (path: string) => readAedat4(path)
  itRefusesOrReads('damaged files', { name: 'a.aedat4', files: plain, read, expected: plainAedat4 })
  itRefusesOrReads('damaged files of LZ4', {
    ...{ name: 'a.aedat4', read },
    files: [...frames.map((each) => indexedBytes(each, 1)), aedat4Bytes([packed(lz4High), packed(lz4High)], 2)],
  })
  itRefusesOrReads('damaged files of Zstandard', {
    ...{ name: 'a.aedat4', read },
    files: [
      aedat4Bytes([packed(zstd), packed(zstdHigh)], 3),
      aedat4Bytes([packed(zstd), packed(zstd), packed(zstd)], 4),
    ],
  })
})
