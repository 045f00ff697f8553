import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Message, runOfMessage } from '../../../src/streams/message.js'
import { HEADER_BYTES, openFrame, sealFrame } from '../../../src/streams/wire/frame.js'
import { FrameFault } from '../../../src/streams/wire/frame-fault.js'
import { decodeMessage, encodeMessage } from '../../../src/streams/wire/message-codec.js'
import { VALUE_WORDS } from '../../../src/streams/wire/value-words.js'
import { NAMES } from '../../suites/link-fixture.js'
import { fingerprint, message, spikesMessage } from '../../suites/link-messages.js'
import { casesOf } from '../../support/cases-of.js'

const nameOf = (stream: number) => NAMES[stream]
function sealed(sent: Message, sequence = 0): Uint8Array {
  const frame = encodeMessage(sent)
  sealFrame(frame, { kind: sent.kind, run: runOfMessage(sent), more: false, sequence })
  return frame
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
const bytesOf = (text: string) => Uint8Array.from(text.trim().split(/\s+/), (byte) => Number.parseInt(byte, 16))

test('every message comes back with the same bits, from memory of any alignment', () => {
  fc.assert(
    fc.property(message, fc.nat(7), (sent, shift) => {
      const frame = sealed(sent)
      // Sockets hand out Buffers.
      const moved = Buffer.alloc(frame.length + shift)
      moved.set(frame, shift)
      const received = decodeMessage(openFrame(moved.subarray(shift), 1 << 20), nameOf)
      expect(fingerprint(received)).toBe(fingerprint(sent))
    }),
    { numRuns: casesOf({ short: 400, long: 2000 }), seed: 31 },
  )
})

test('what is received keeps no memory of which it is a small part', () => {
  fc.assert(
    fc.property(message, (sent) => {
      const bytes = sealed(sent)
      const chunk = new Uint8Array(3 * bytes.length + 64)
      const frame = chunk.subarray(8, 8 + bytes.length)
      frame.set(bytes)
      const received = decodeMessage(openFrame(frame, 1 << 20), nameOf)
      chunk.fill(0xa5)
      expect(fingerprint(received)).toBe(fingerprint(sent))
    }),
    { numRuns: casesOf({ short: 50, long: 200 }), seed: 32 },
  )
})

test('numbers that are most of a frame stay where they are', () => {
  const values = Float64Array.from({ length: 100 }, (_, k) => k / 7)
  const frame = sealed({ kind: 'vector', stream: 1, run: 0, values })
  const received = decodeMessage(openFrame(frame, 1 << 20), nameOf)
  expect(received.kind === 'vector' && received.values).toEqual(values)
  expect(received.kind === 'vector' && received.values.buffer).toBe(frame.buffer)
})

test('units take the least width that holds their range', () => {
  fc.assert(
    fc.property(spikesMessage, (sent) => {
      const { units, offsets } = sent.batch
      const range = units.length === 0 ? 0 : Math.max(...units) - Math.min(...units)
      const width = range < 256 ? 1 : range < 65_536 ? 2 : 4
      const trials = offsets.length - 1
      const size = 40 + 8 * Math.ceil(trials / 2) + (8 + width) * units.length
      expect(encodeMessage(sent).length - HEADER_BYTES).toBe(size)
    }),
    { numRuns: casesOf({ short: 75, long: 300 }), seed: 33 },
  )
})

test('a payload that has been changed or cut is a message or a fault, nothing else', () => {
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) })
  fc.assert(
    fc.property(message, fc.array(change, { maxLength: 4 }), fc.nat(40), (sent, changes, cut) => {
      const whole = encodeMessage(sent)
      const payload = whole.slice(HEADER_BYTES, Math.max(HEADER_BYTES, whole.length - cut))
      for (const { at, to } of changes) if (payload.length > 0) payload[at % payload.length] = to
      try {
        decodeMessage({ kind: sent.kind, run: 1, payload }, nameOf)
      } catch (error) {
        expect(error).toBeInstanceOf(FrameFault)
      }
    }),
    { numRuns: casesOf({ short: 600, long: 3000 }), seed: 34 },
  )
})

describe('the bytes of', () => {
  const header = (kind: string, length: string, sum: string) =>
    `41 4e 54 44 03 ${kind} 00 00 ${length} 05 00 00 00 03 00 00 00 ${sum}`

  test.each<{ readonly sent: Message; readonly run?: number; readonly bytes: string }>([
    {
      sent: {
        kind: 'spikes',
        stream: 1,
        run: 3,
        batch: {
          stream: 'output',
          sequence: 2,
          window: { start: 0, end: 1.5 },
          offsets: Uint32Array.of(0, 1, 2, 2),
          times: Float64Array.of(1, -0),
          units: Uint32Array.of(300, 258),
        },
      },
      bytes: `
        01 00 00 00 02 00 00 00
        00 00 00 00 00 00 00 00  00 00 00 00 00 00 f8 3f
        03 00 00 00 02 00 00 00 02 01 00 00 01 00 00 00
        01 00 00 00 02 00 00 00 02 00 00 00 00 00 00 00
        00 00 00 00 00 00 f0 3f  00 00 00 00 00 00 00 80
        2a 00`,
    },
    {
      sent: {
        kind: 'gradients',
        stream: 0,
        run: 3,
        batch: { stream: 'hidden', sequence: 258, values: Float64Array.of(-2) },
      },
      bytes: '00 00 00 00 02 01 00 00 01 00 00 00 00 00 00 00  00 00 00 00 00 00 00 c0',
    },
    {
      sent: { kind: 'vector', stream: 9, run: 3, values: Float64Array.of(Infinity) },
      bytes: '09 00 00 00 01 00 00 00 00 00 00 00 00 00 f0 7f',
    },
    {
      sent: { kind: 'listeners', stream: 1, heard: { count: 10, bits: Uint8Array.of(0b1000_0101, 0b10) } },
      bytes: '01 00 00 00 0a 00 00 00 85 02',
    },
    {
      sent: { kind: 'value', value: { a: [-0, Int32Array.of(-1)] } },
      // A record of one field, whose name is no known word, a list of two, a double, an array of one number.
      bytes: `09 01 ${hex(Uint8Array.of(VALUE_WORDS.length + 1))} 61  08 02  04 00 00 00 00 00 00 00 80  12 01 ff ff ff ff`,
    },
  ])('$sent.kind', ({ sent, bytes }) => {
    const frame = encodeMessage(sent)
    const payload = bytesOf(bytes)
    expect(hex(frame.subarray(HEADER_BYTES))).toBe(hex(payload))
    sealFrame(frame, { kind: sent.kind, run: 3, more: false, sequence: 5 })
    const kind = { spikes: '03', gradients: '04', vector: '05', value: '06', listeners: '0a' }[sent.kind]
    const length = hex(new Uint8Array(Uint32Array.of(payload.length).buffer))
    expect(hex(frame.subarray(0, HEADER_BYTES))).toBe(header(kind, length, hex(frame.subarray(20, 24))))
    expect(fingerprint(decodeMessage({ kind: sent.kind, run: 3, payload }, nameOf))).toBe(fingerprint(sent))
  })
})

describe('spikes are refused', () => {
  const good = encodeMessage({
    kind: 'spikes',
    stream: 0,
    run: 0,
    batch: {
      stream: 'hidden',
      sequence: 0,
      window: { start: 0, end: 1 },
      offsets: Uint32Array.of(0, 1, 2),
      times: Float64Array.of(0, 0.5),
      units: Uint32Array.of(0, 1),
    },
  }).slice(HEADER_BYTES)

  const at = (offset: number, value: number) => {
    const payload = good.slice()
    new DataView(payload.buffer).setUint32(offset, value, true)
    return payload
  }

  test.each<{ readonly why: string; readonly payload: Uint8Array; readonly code?: string }>([
    { why: 'an unknown stream', payload: at(0, 3), code: 'LINK_STREAM_UNKNOWN' },
    { why: 'a window that ends before it begins', payload: at(20, 0xbff00000) },
    { why: 'a window of NaN', payload: at(20, 0x7ff80000) },
    { why: 'more trials than there is room for', payload: at(24, 0xffffffff) },
    { why: 'more spikes than there is room for', payload: at(28, 0xffffffff) },
    { why: 'a unit beyond 2^32', payload: at(32, 0xffffffff) },
    { why: 'units of 3 bytes', payload: at(36, 3) },
    { why: 'trials that end before they begin', payload: at(40, 3) },
    { why: 'trials that end before the spikes do', payload: at(44, 1) },
    { why: 'a byte too many', payload: Uint8Array.of(...good, 0) },
    { why: 'no head', payload: good.subarray(0, 39) },
  ])('for $why', ({ payload, code = 'LINK_FRAME_CORRUPT' }) => {
    expect(() => decodeMessage({ kind: 'spikes', run: 0, payload: payload.slice() }, nameOf)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('listeners are refused', () => {
  test.each<{ readonly why: string; readonly payload: readonly number[]; readonly code?: string }>([
    { why: 'an unknown stream', payload: [3, 0, 0, 0, 1, 0, 0, 0, 1], code: 'LINK_STREAM_UNKNOWN' },
    { why: 'more units than there is room for', payload: [0, 0, 0, 0, 9, 0, 0, 0, 1] },
    { why: 'fewer units than there are bytes for', payload: [0, 0, 0, 0, 8, 0, 0, 0, 1, 0] },
    { why: 'a unit beyond the last', payload: [0, 0, 0, 0, 3, 0, 0, 0, 0b1000] },
    { why: 'no head', payload: [0, 0, 0, 0, 0, 0, 0] },
  ])('for $why', ({ payload, code = 'LINK_FRAME_CORRUPT' }) => {
    expect(() => decodeMessage({ kind: 'listeners', run: 0, payload: Uint8Array.from(payload) }, nameOf)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})
