import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HEADER_BYTES } from '../../../src/streams/wire/frame.js'
import { FrameFault } from '../../../src/streams/wire/frame-fault.js'
import { decodeValue, encodeValue } from '../../../src/streams/wire/value-payload.js'
import { VALUE_WORDS } from '../../../src/streams/wire/value-words.js'
import { jsonLike } from '../../suites/link-messages.js'
import { describeValueForm } from '../../suites/value-form-suite.js'
import { casesOf } from '../../support/cases-of.js'

const payloadOf = (value: unknown) => encodeValue(value).slice(HEADER_BYTES)
const roundTrip = (value: unknown) => decodeValue(payloadOf(value))
const bytesOf = (value: unknown) => payloadOf(value).length

describeValueForm('on a link', { encodeValue, roundTrip })

test('known words come back as any other text', () => {
  const word = fc.oneof(fc.constantFrom<string>(...VALUE_WORDS), fc.string())
  const named = fc.dictionary(
    word.filter((name) => name !== '__proto__'),
    word,
  )
  fc.assert(
    fc.property(named, (value) => {
      expect(roundTrip(value)).toEqual(value)
    }),
    { numRuns: casesOf({ short: 250, long: 1000 }), seed: 53 },
  )
})

test('any bytes are a value or a fault', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), jsonLike.map(payloadOf))
  const change = fc.record({ at: fc.nat(200), byte: fc.nat(255), cut: fc.nat(3) })
  fc.assert(
    fc.property(bytes, fc.array(change, { maxLength: 3 }), (given, changes) => {
      const changed = changes.reduce((payload, { at, byte, cut }) => {
        const next = payload.slice(0, payload.length - cut)
        if (at < next.length) next[at] = byte
        return next
      }, given)
      try {
        decodeValue(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(FrameFault)
      }
    }),
    { numRuns: casesOf({ short: 800, long: 8000 }), seed: 52 },
  )
})

describe('a value', () => {
  test('loses fields that are undefined, and keeps entries that are', () => {
    expect(roundTrip({ a: undefined, b: [undefined, 1] })).toStrictEqual({ b: [undefined, 1] })
    expect(roundTrip(undefined)).toBeUndefined()
    expect(roundTrip(new Array(2))).toStrictEqual([undefined, undefined])
  })

  test.each([0, -0, 1, -1, 127, 128, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), 2 ** 53, 0.5, 5e-324, Infinity, -Infinity, NaN])(
    'keeps the number %d',
    (value) => {
      expect(roundTrip(value)).toBe(value)
    },
  )

  test.each([[[0, 255]], [[256, 3]], [[65_535]], [[65_536, 0]], [[0xffffffff]], [[]]])(
    'keeps the whole numbers %j as 32 bits each, however they travel',
    (units) => {
      expect(roundTrip(Uint32Array.from(units))).toStrictEqual(Uint32Array.from(units))
    },
  )

  test('keeps arrays that are many times as large as all before', () => {
    const large = Float64Array.from({ length: 10_000 }, (_, k) => k / 3)
    expect(roundTrip([1, large, 2])).toStrictEqual([1, large, 2])
  })

  test('is small: known words and small numbers take a byte, units as many as they need', () => {
    expect(bytesOf('hidden')).toBe(2)
    expect(bytesOf(100)).toBe(2)
    expect(bytesOf({ trials: 5 })).toBe(2 + 1 + 2)
    expect(bytesOf(Uint32Array.from({ length: 100 }, (_, k) => k))).toBe(2 + 100)
    expect(bytesOf(Uint32Array.from({ length: 100 }, (_, k) => 9 * k))).toBe(2 + 200)
    expect(bytesOf(Uint32Array.from({ length: 100 }, (_, k) => 999 * k))).toBe(2 + 400)
  })
})

describe('a payload is refused', () => {
  test('when it would change the prototype of its objects', () => {
    const name = new TextEncoder().encode('__proto__')
    const payload = Uint8Array.of(9, 1, VALUE_WORDS.length + name.length, ...name, 9, 0)
    expect(VALUE_WORDS.length + name.length).toBeLessThan(128)
    expect(() => decodeValue(payload)).toThrow('__proto__')
    expect('polluted' in {}).toBe(false)
  })

  test.each<{ readonly why: string; readonly payload: readonly number[]; readonly says: string }>([
    { why: 'nothing', payload: [], says: 'cut short: 1 bytes are due where 0 are left' },
    { why: 'an unknown kind of value', payload: [10], says: 'begins with 10' },
    { why: 'an unknown kind of array', payload: [23, 0], says: 'begins with 23' },
    { why: 'half a double', payload: [4, 0, 0, 0, 0], says: '8 bytes are due where 4' },
    { why: 'half a number', payload: [5, 0x80], says: 'cut short' },
    { why: 'a number beyond 2^53', payload: [5, ...new Array<number>(9).fill(0xff), 1], says: 'beyond 2^53' },
    { why: 'a list that is longer than the rest', payload: [8, 3, 0, 0], says: '3 entries in 2 bytes' },
    { why: 'a record that is longer than the rest', payload: [9, 5, 0, 0], says: '5 fields in 2 bytes' },
    { why: 'an array that is longer than the rest', payload: [16, 1, 0], says: '8 bytes are due where 1' },
    { why: 'text that is longer than the rest', payload: [7, 127, 0], says: 'are due where 1' },
    { why: 'bytes behind its end', payload: [0, 0, 0], says: '2 bytes behind' },
    { why: 'deep nesting', payload: new Array<number>(400).fill(8).flatMap((list) => [list, 1]), says: 'more than 64' },
  ])('for $why', ({ payload, says }) => {
    expect(() => decodeValue(Uint8Array.from(payload))).toThrow(says)
    expect(() => decodeValue(Uint8Array.from(payload))).toThrow(FrameFault)
  })

  test('when its text is no UTF-8', () => {
    expect(() => decodeValue(Uint8Array.of(7, VALUE_WORDS.length + 1, 0xff))).toThrow('not UTF-8')
  })
})
