import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvt } from '../../../../src/data/files/read-evt.js'
import { bytesInMemory, SLICE_BYTES } from '../../../../src/data/recordings/bytes/byte-source.js'
import { EventBuffer } from '../../../../src/data/recordings/bytes/event-buffer.js'
import { decodeEvt } from '../../../../src/data/recordings/evt/decode-evt.js'
import { InputError } from '../../../../src/events/errors.js'
import { eventsOf, inOrder, itRefusesOrReads } from '../../../support/damaged-files.js'
import { failureOf } from '../../../support/failure-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { type EVT_HEADERS, EVT2, EVT3, EVT21, evtBytes, legacyBytes, plainEvt } from './evt-bytes.js'

const on = fc.nat({ max: 1 })
const x = fc.nat({ max: 39 })
const y = fc.nat({ max: 29 })
/** Times that stand, go on, stutter or go round. */
const high = (bits: number) =>
  fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 2 ** bits - 1 }), fc.integer({ min: 2 ** bits - 3, max: 2 ** bits - 1 }))

const WORDS = {
  EVT2: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(on, fc.nat({ max: 63 }), x, y).map((of) => EVT2.event(...of)) },
    high(28).map(EVT2.time),
    fc.tuple(fc.constantFrom(2, 4, 0xa, 0xe, 0xf), fc.nat({ max: 2 ** 28 - 1 })).map((of) => EVT2.other(...of)),
  ),
  EVT21: fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(on, fc.nat({ max: 63 }), fc.nat({ max: 8 }), y, fc.integer({ min: 0, max: 2 ** 32 - 1 }))
        .map((of) => EVT21.events(...of)),
    },
    high(28).map(EVT21.time),
    fc.tuple(fc.constantFrom(2, 0xa, 0xe, 0xf), fc.nat({ max: 2 ** 28 - 1 })).map((of) => EVT21.other(...of)),
  ),
  EVT3: fc.oneof(
    y.map((row) => EVT3.y(row)),
    fc.tuple(on, x).map((of) => EVT3.x(...of)),
    fc.tuple(on, fc.nat({ max: 16 })).map((of) => EVT3.base(...of)),
    // Few in a row end outside the camera.
    fc.nat({ max: 4095 }).map(EVT3.twelve),
    fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 15 })).map((of) => EVT3.eight(...of)),
    fc.nat({ max: 4095 }).map(EVT3.low),
    high(12).map(EVT3.high),
    fc.tuple(fc.constantFrom(1, 7, 9, 0xa, 0xe, 0xf), fc.nat({ max: 4095 })).map((of) => EVT3.other(...of)),
  ),
}
const VERSIONS = ['EVT2', 'EVT21', 'EVT3'] as const

async function read(bytes: Uint8Array, options = {}) {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.raw')
  writeFileSync(path, bytes)
  return await readEvt(path, options)
}

const eventsIn = async (bytes: Uint8Array) => eventsOf(await read(bytes))
const errorOf = async (bytes: Uint8Array) => {
  const { code, message } = await failureOf(read(bytes), InputError as never)
  return `${code} ${message.replace(/^.*?a\.raw: /, '')}`
}

describe.each(VERSIONS)('readEvt of %s', (version) => {
  it('reads what was written, or refuses what cannot be', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.raw')
    let read = 0
    await fc.assert(
      fc.asyncProperty(fc.array(WORDS[version], { maxLength: 30 }), async (words) => {
        const bytes = evtBytes(version, words)
        writeFileSync(path, bytes)
        const expected = plainEvt(version, bytes)
        if (expected === null) await failureOf(readEvt(path), InputError as never)
        else expect(eventsOf(await readEvt(path))).toEqual(inOrder(expected ?? []))
        read += Number(expected !== null)
      }),
    )
    expect(read).toBeGreaterThan(30)
  })

  const files = fc
    .sample(fc.array(WORDS[version], { minLength: 1, maxLength: 20 }), { numRuns: 60, seed: 5 })
    .map((words) => evtBytes(version, words))
  itRefusesOrReads('damaged files', {
    name: 'a.raw',
    files,
    read: (path) => readEvt(path),
    expected: (bytes) => plainEvt(version, bytes),
  })
})

describe('readEvt', () => {
  it('reads literal bytes of each version', async () => {
    const body = (version: keyof typeof EVT_HEADERS, ...bytes: readonly number[]) =>
      Uint8Array.from([...evtBytes(version, []), ...bytes])
    // Time 1 x 64; polarity 1, low 5, x 3, y 2.
    const evt2 = body('EVT2', 1, 0, 0, 0x80, 0x02, 0x18, 0x40, 0x11)
    expect(await eventsIn(evt2)).toEqual([[5, 1200 + 80 + 3]])
    const evt21 = body('EVT21', 0, 0, 0, 0, 1, 0, 0, 0x80, 0x01, 0, 0, 0x80, 0x02, 0x18, 0x40, 0x11)
    expect(await eventsIn(evt21)).toEqual([
      [5, 1200 + 80 + 3],
      [5, 1200 + 80 + 34],
    ])
    // Time 1 x 4096 + 7; row 2; column 3 of polarity 1.
    const evt3 = body('EVT3', 0x01, 0x80, 0x07, 0x60, 0x02, 0x00, 0x03, 0x28)
    expect(await eventsIn(evt3)).toEqual([[7, 1200 + 80 + 3]])
  })

  it('passes over events before the first time', async () => {
    expect(await eventsIn(evtBytes('EVT2', [EVT2.event(0, 1, 1, 1), EVT2.time(9), EVT2.event(0, 2, 2, 2)]))).toEqual([
      [2, 82],
    ])
    const words = [EVT21.events(0, 1, 1, 1, 1), EVT21.time(9), EVT21.events(0, 2, 2, 2, 1)]
    expect(await eventsIn(evtBytes('EVT21', words))).toEqual([[2, 82]])
    const { y: row, x: column, high: time } = EVT3
    expect(await eventsIn(evtBytes('EVT3', [row(2), column(0, 1), time(9), column(0, 2)]))).toEqual([[0, 82]])
    expect(await eventsIn(evtBytes('EVT3', [time(9), column(0, 1), EVT3.twelve(1), row(2), column(0, 2)]))).toEqual([
      [0, 82],
    ])
  })

  it('goes on when the clock goes round: after 16.777216 s, and after 2^34 microseconds', async () => {
    const { y: row, x: column, high: time, low } = EVT3
    const evt3 = [time(4095), low(4095), row(0), column(0, 0), time(0), low(1), column(0, 1)]
    expect(await eventsIn(evtBytes('EVT3', evt3))).toEqual([
      [4095, 0],
      [4097, 1],
    ])
    const twice = [time(0), row(0), time(4095), time(3), time(4000), time(2), column(0, 5)]
    expect(await eventsIn(evtBytes('EVT3', twice))).toEqual([[2 * 2 ** 24 + 2 * 4096, 5]])
    const last = 2 ** 28 - 1
    const evt2 = [EVT2.time(last), EVT2.event(0, 63, 0, 0), EVT2.time(0), EVT2.event(0, 0, 1, 0)]
    expect(await eventsIn(evtBytes('EVT2', evt2))).toEqual([
      [63, 0],
      [64, 1],
    ])
    const evt21 = [EVT21.time(last), EVT21.events(0, 63, 0, 0, 1), EVT21.time(1), EVT21.events(0, 0, 1, 0, 1)]
    expect(await eventsIn(evtBytes('EVT21', evt21))).toEqual([
      [63, 0],
      [128, 1],
    ])
  })

  it('takes a clock that stutters as it stands, and counts from the earliest time', async () => {
    const words = [EVT2.time(5), EVT2.event(0, 0, 0, 0), EVT2.time(4), EVT2.event(0, 1, 1, 0), EVT2.time(6)]
    expect(await eventsIn(evtBytes('EVT2', words))).toEqual([
      [1, 1],
      [64, 0],
    ])
  })

  it('keeps the low time when the high one is sent again, and forgets it with another one', async () => {
    const { y: row, x: column, high: time, low } = EVT3
    const words = [time(1), low(9), row(0), time(1), column(0, 0), time(2), column(0, 1)]
    expect(await eventsIn(evtBytes('EVT3', words))).toEqual([
      [9, 0],
      [4096, 1],
    ])
  })

  it('moves the base of vectors by all their pixels, those without an event, too', async () => {
    const { y: row, base, twelve, eight, high: time } = EVT3
    const words = [time(0), row(1), base(1, 4), twelve(0b1000_0000_0001), eight(0, 15), eight(0b1000_0001), twelve(1)]
    expect(await eventsIn(evtBytes('EVT3', words))).toEqual([4, 15, 24, 31, 32].map((column) => [0, 1240 + column]))
    // The base may lie beyond the camera, the events may not.
    expect(await eventsIn(evtBytes('EVT3', [time(0), row(1), base(0, 39), twelve(1), twelve(0), eight(0)]))).toEqual([
      [0, 79],
    ])
    expect(await errorOf(evtBytes('EVT3', [time(0), row(1), base(0, 39), twelve(2)]))).toMatch(
      /^UNIT_OUT_OF_RANGE byte 99: .* at x 40/,
    )
  })

  it('takes bit 11 of a row for the camera, and refuses two of them', async () => {
    const { y: row, x: column, high: time } = EVT3
    expect(await eventsIn(evtBytes('EVT3', [time(0), row(3, 1), column(0, 1)]))).toEqual([[0, 121]])
    expect(await errorOf(evtBytes('EVT3', [time(0), row(3, 1), row(3, 0)]))).toMatch(/found a row of a second camera/)
  })

  it('reads both orders of the halves of EVT 2.1', async () => {
    const words = [EVT21.time(7), EVT21.events(1, 3, 2, 1, 0x8000_0001), EVT21.other(14, 5)]
    const expected = [
      [3, 1242],
      [3, 1273],
    ]
    expect(await eventsIn(evtBytes('EVT21', words))).toEqual(expected)
    expect(await eventsIn(legacyBytes(words))).toEqual(expected)
  })

  it('takes version and size from either form of the header, with and without an end', async () => {
    const words = [EVT2.time(0), EVT2.event(0, 0, 39, 29)]
    for (const header of ['% evt 2.0\n% geometry 40x30\n', '% format EVT2;width=40;height=30\n% end\n'])
      expect(await eventsIn(evtBytes('EVT2', words, header))).toEqual([[0, 1199]])
    const said = await read(evtBytes('EVT2', words, '% evt 2.0\n'), { size: [480, 640] })
    expect([said.shape, eventsOf(said)]).toEqual([[2, 480, 640], [[0, 29 * 640 + 39]]])
    // A first word that begins with the mark of a line.
    const [mark] = [EVT2.other(0xa, 0x2025)]
    expect(await eventsIn(evtBytes('EVT2', [mark, ...words], '% evt 2.0\n% geometry 40x30\n'))).toEqual([[0, 1199]])
  })

  it('says what is wrong, and where', async () => {
    const of = (header: string) => errorOf(evtBytes('EVT3', [EVT3.high(0)], header))
    expect(await of('% evt 4.0\n% end\n')).toMatch(
      /^DATA_FILE_FORMAT header: found evt "4.0", expected EVT2, EVT21 or EVT3/,
    )
    expect(await of('')).toMatch(/^DATA_FILE_FORMAT header: found evt ""/)
    expect(await of('% format HISTO3D;height=1\n% end\n')).toMatch(/found format "HISTO3D"/)
    expect(await of('% evt 3.0\n% end\n')).toMatch(/found no size of the camera.*Say the size/)
    expect(await of('% evt 3.0\n% geometry 40xa\n% end\n')).toMatch(/^DATA_FILE_DAMAGED header, height: found "a"/)
    expect(await of('% evt 3.0\n% endianness big\n% end\n')).toMatch(/header, endianness: found "big"/)
    expect(await of('% evt 3.0\n% endianness legacy\n% end\n')).toMatch(/found "legacy", expected little/)
    expect(await errorOf(evtBytes('EVT3', [EVT3.y(1)]))).toMatch(
      /^DATA_FILE_DAMAGED byte 93: found words without a time/,
    )
    expect(await errorOf(evtBytes('EVT3', [EVT3.high(1)]).slice(0, -1))).toMatch(
      /^DATA_FILE_DAMAGED byte 93: found 1 bytes/,
    )
    expect(await eventsIn(evtBytes('EVT3', []))).toEqual([])
  })

  it('keeps its state from slice to slice', () => {
    const words = [EVT3.high(1), EVT3.low(2), EVT3.y(3), EVT3.base(1, 0)]
    const padding = Array.from({ length: SLICE_BYTES / 2 }, () => EVT3.other(0xf, 0))
    const bytes = evtBytes('EVT3', [...words, EVT3.twelve(0), ...padding, EVT3.twelve(1)])
    const events = new EventBuffer()
    decodeEvt(bytesInMemory(bytes, 'a.raw'), null, events)
    expect(events.finish(4096)).toEqual({ times: Float64Array.of(0.002), units: Uint32Array.of(1200 + 3 * 40 + 12) })
  })
})
