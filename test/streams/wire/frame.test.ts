import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCredits, encodeCredits } from '../../../src/streams/wire/credit-payload.js'
import { decodeError, encodeError } from '../../../src/streams/wire/error-payload.js'
import {
  FRAME_KINDS,
  type FrameHeader,
  HEADER_BYTES,
  isMessageKind,
  MOST_CONTROL_BYTES,
  openFrame,
  sealFrame,
} from '../../../src/streams/wire/frame.js'
import { FrameFault } from '../../../src/streams/wire/frame-fault.js'
import { decodeHello, encodeHello } from '../../../src/streams/wire/hello-payload.js'
import { IDENTITY } from '../../suites/link-fixture.js'
import { casesOf } from '../../support/cases-of.js'

const MOST = 1 << 20
const header: fc.Arbitrary<FrameHeader> = fc
  .record({
    kind: fc.constantFrom(...FRAME_KINDS),
    more: fc.boolean(),
    sequence: fc.nat(0xffffffff),
    run: fc.nat(0xffffffff),
  })
  .map((fields) => ({ ...fields, more: fields.more && isMessageKind(fields.kind) }))

const sealedFrame = fc.tuple(header, fc.uint8Array({ maxLength: 70 })).map(([fields, payload]) => {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  bytes.set(payload, HEADER_BYTES)
  sealFrame(bytes, fields)
  return { fields, payload, bytes }
})

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')

test('a frame is read as it was written', () => {
  fc.assert(
    fc.property(sealedFrame, ({ fields, payload, bytes }) => {
      expect(openFrame(bytes, MOST)).toEqual({ ...fields, version: 3, payload })
    }),
    { numRuns: casesOf({ short: 125, long: 500 }), seed: 41 },
  )
})

test('every single flipped bit is found', () => {
  fc.assert(
    fc.property(sealedFrame, ({ bytes }) => {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        expect(() => openFrame(bytes, MOST)).toThrow(FrameFault)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
      }
      openFrame(bytes, MOST)
    }),
    { numRuns: casesOf({ short: 15, long: 60 }), seed: 42 },
  )
})

test('words that trade places are found', () => {
  const words = fc.uniqueArray(fc.nat(0xffffffff), { minLength: 2, maxLength: 16 })
  fc.assert(
    fc.property(words, fc.nat(15), fc.nat(15), (list, a, b) => {
      const bytes = new Uint8Array(HEADER_BYTES + 4 * list.length)
      const payload = new Uint32Array(bytes.buffer, HEADER_BYTES)
      payload.set(list)
      sealFrame(bytes, { kind: 'value', more: false, sequence: 0, run: 0 })
      const from = a % list.length
      const to = b % list.length
      fc.pre(from !== to)
      payload[from] = list[to]!
      payload[to] = list[from]!
      expect(() => openFrame(bytes, MOST)).toThrow('checksum')
    }),
    { numRuns: casesOf({ short: 125, long: 500 }), seed: 43 },
  )
})

describe('the bytes of', () => {
  test('a heartbeat', () => {
    const bytes = new Uint8Array(HEADER_BYTES)
    sealFrame(bytes, { kind: 'heartbeat', more: false, sequence: 0x01020304, run: 0 })
    expect(hex(bytes)).toBe('41 4e 54 44 03 02 00 00 00 00 00 00 04 03 02 01 00 00 00 00 26 fb 06 7c')
  })

  test('a farewell', () => {
    const bytes = new Uint8Array(HEADER_BYTES)
    sealFrame(bytes, { kind: 'close', more: false, sequence: 1, run: 0 })
    expect(hex(bytes)).toBe('41 4e 54 44 03 09 00 00 00 00 00 00 01 00 00 00 00 00 00 00 2e 69 be 42')
  })

  test('a fragment', () => {
    const bytes = new Uint8Array(HEADER_BYTES + 5)
    bytes.set([1, 2, 3, 4, 5], HEADER_BYTES)
    sealFrame(bytes, { kind: 'value', more: true, sequence: 1, run: 0 })
    expect(hex(bytes)).toBe('41 4e 54 44 03 06 01 00 05 00 00 00 01 00 00 00 00 00 00 00 3e 32 78 62 01 02 03 04 05')
  })

  test('credits', () => {
    const returns = [
      { stream: 1, windows: 2 },
      { stream: 515, windows: 1 },
    ]
    const payload = encodeCredits(returns).subarray(HEADER_BYTES)
    expect(hex(payload)).toBe('01 00 00 00 02 00 00 00 03 02 00 00 01 00 00 00')
    expect(decodeCredits(payload)).toEqual(returns)
    expect(() => decodeCredits(payload.subarray(1))).toThrow('multiple of 8')
  })

  test('an error', () => {
    const note = { code: 'A_B', message: 'ü.' }
    const payload = encodeError(note).subarray(HEADER_BYTES)
    expect(hex(payload)).toBe('03 00 00 00 03 00 00 00 41 5f 42 c3 bc 2e')
    expect(decodeError(payload)).toEqual(note)
    expect(() => decodeError(payload.slice(0, -1))).toThrow('expected 14')
    expect(() => decodeError(payload.slice(0, 7))).toThrow('at least 8')
    payload[12] = 0xff
    expect(() => decodeError(payload)).toThrow('UTF-8')
  })

  test('a hello', () => {
    const hello = { token: 'abc', index: -1, expected: null, identity: IDENTITY, credits: 8, maxFrame: 1 << 20 }
    const payload = encodeHello(hello).subarray(HEADER_BYTES)
    expect(hex(payload)).toBe(
      [
        '03 00 00 00 61 62 63',
        'ff ff ff ff 00 00 00 80 08 00 00 00 00 00 10 00 01 00 00 00 00 00 00 00',
        '00 00 00 00 00 00 1c 40',
        '01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef fe dc ba 98 76 54 32 10 fe dc ba 98 76 54 32 10',
        '01 00 00 00 09 00 00 00 72 65 66 65 72 65 6e 63 65',
      ].join(' '),
    )
    expect(decodeHello(payload)).toEqual(hello)
    const stranger = { ...hello, expected: 3, identity: { ...IDENTITY, network: null } }
    expect(decodeHello(encodeHello(stranger).subarray(HEADER_BYTES))).toEqual(stranger)
    for (let length = 0; length < payload.length; length++)
      expect(() => decodeHello(payload.slice(0, length))).toThrow(FrameFault)
  })
})

test('an error of any length fits into a control frame', () => {
  const note = decodeError(encodeError({ code: 'X'.repeat(1e5), message: '€'.repeat(1e5) }).subarray(HEADER_BYTES))
  expect(encodeError(note).length - HEADER_BYTES).toBeLessThan(MOST_CONTROL_BYTES)
  expect(note).toEqual({ code: 'X'.repeat(64), message: '€'.repeat(8192) })
})

describe('a frame is refused', () => {
  const seal = (size: number, fields: Partial<FrameHeader> = {}) => {
    const bytes = new Uint8Array(HEADER_BYTES + size)
    sealFrame(bytes, { kind: 'vector', more: false, sequence: 0, run: 0, ...fields })
    return bytes
  }

  test('when it is cut within header or payload', () => {
    const bytes = seal(40)
    for (let length = 0; length < bytes.length; length++)
      expect(() => openFrame(bytes.slice(0, length), MOST)).toThrow(
        expect.objectContaining({ code: 'LINK_FRAME_TRUNCATED' }),
      )
  })

  test('when it is larger than agreed, before anything of it is read', () => {
    expect(() => openFrame(seal(MOST_CONTROL_BYTES + 1), 1000)).toThrow(
      expect.objectContaining({
        code: 'LINK_FRAME_OVERSIZED',
        message: 'a frame has 65537 bytes of payload, more than 65536',
      }),
    )
    expect(() => openFrame(seal(1001), 1000)).toThrow(expect.objectContaining({ code: 'LINK_FRAME_OVERSIZED' }))
    expect(openFrame(seal(1000), 1000).payload.length).toBe(1000)
    expect(() => openFrame(seal(MOST_CONTROL_BYTES + 1, { kind: 'error' }), MOST)).toThrow(
      expect.objectContaining({ code: 'LINK_FRAME_OVERSIZED' }),
    )
  })

  test('when it is longer than it says', () => {
    const bytes = Uint8Array.of(...seal(8), 0)
    expect(() => openFrame(bytes, MOST)).toThrow('9 bytes of payload in place of 8')
  })

  test('when a frame that is never cut says that more follow', () => {
    expect(() => openFrame(seal(0, { kind: 'credit', more: true }), MOST)).toThrow('a credit frame has the flags 1')
  })
})
