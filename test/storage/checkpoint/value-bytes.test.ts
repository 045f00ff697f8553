import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue } from '../../../src/storage/checkpoint/value-bytes.js'
import { FrameFault } from '../../../src/streams/wire/frame-fault.js'
import { jsonLike } from '../../suites/link-messages.js'
import { describeValueForm } from '../../suites/value-form-suite.js'
import { casesOf } from '../../support/cases-of.js'

const roundTrip = (value: unknown) => decodeValue(encodeValue(value))

/** A payload with this text and these sections, right or not. */
function payloadOf(text: string, sections: readonly number[] = [], count = sections.length === 0 ? 0 : 1): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const start = 8 + 8 * Math.ceil(bytes.length / 8)
  const payload = new Uint8Array(start + 4 * sections.length)
  const view = new DataView(payload.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, count, true)
  payload.set(bytes, 8)
  for (const [k, word] of sections.entries()) view.setUint32(start + 4 * k, word, true)
  return payload
}

describeValueForm('in a checkpoint', { encodeValue, roundTrip })

test('any text and sections are a value or a fault', () => {
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    jsonLike.map((value) => JSON.stringify(value) ?? ''),
  )
  fc.assert(
    fc.property(
      text,
      fc.array(fc.oneof(fc.nat(8), fc.nat(0xffffffff)), { maxLength: 8 }),
      fc.nat(3),
      (json, sections, count) => {
        try {
          decodeValue(payloadOf(json, sections, count))
        } catch (error) {
          expect(error).toBeInstanceOf(FrameFault)
        }
      },
    ),
    { numRuns: casesOf({ short: 400, long: 2000 }), seed: 52 },
  )
})

describe('a value', () => {
  test('loses fields that are undefined, and keeps entries that are', () => {
    expect(roundTrip({ a: undefined, b: [undefined, 1] })).toStrictEqual({ b: [undefined, 1] })
    expect(roundTrip(undefined)).toBeUndefined()
  })
})

describe('a payload is refused', () => {
  test('when it would change the prototype of its objects', () => {
    expect(() => decodeValue(payloadOf('{"a": {"__proto__": {"polluted": 1}}}'))).toThrow('__proto__')
    expect('polluted' in {}).toBe(false)
  })

  test('when one section is used twice, so that a small payload cannot become a large value', () => {
    expect(decodeValue(payloadOf('"~#0"', [4, 0]))).toStrictEqual(new Uint8Array(0))
    expect(() => decodeValue(payloadOf('["~#0","~#0"]', [4, 0]))).toThrow('"~#0"')
  })

  test.each<{ readonly why: string; readonly payload: Uint8Array; readonly says: string }>([
    { why: 'no head', payload: new Uint8Array(7), says: 'at least 8' },
    {
      why: 'text beyond its end',
      payload: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 34, 34),
      says: '9 bytes of text in 10',
    },
    { why: 'no JSON', payload: payloadOf('{'), says: 'not JSON' },
    { why: 'an unknown word', payload: payloadOf('"~nonsense"'), says: '"~nonsense"' },
    { why: 'a word of Object.prototype', payload: payloadOf('"~toString"'), says: '"~toString"' },
    { why: 'a missing section', payload: payloadOf('1', [4, 0], 2), says: 'section 1 of 2 is missing' },
    { why: 'a huge count of sections', payload: payloadOf('1', [], 0xffffffff), says: 'section 0 of 4294967295' },
    { why: 'a section that is cut short', payload: payloadOf('1', [4, 0xfffffff8]), says: 'cut short' },
    { why: 'half a double', payload: payloadOf('1', [1, 4, 0, 0]), says: 'type 1 and 4 bytes' },
    { why: 'an unknown type', payload: payloadOf('1', [6, 0]), says: 'type 6' },
    { why: 'bytes behind the last section', payload: payloadOf('1', [4, 0, 0, 0]), says: '8 bytes behind' },
    { why: 'deep nesting', payload: payloadOf(`${'['.repeat(1e5)}${']'.repeat(1e5)}`), says: 'nested more than 64' },
  ])('for $why', ({ payload, says }) => {
    expect(() => decodeValue(payload)).toThrow(says)
    expect(() => decodeValue(payload)).toThrow(FrameFault)
  })
})
