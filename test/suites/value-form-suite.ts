import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/events/errors.js'
import { casesOf } from '../support/cases-of.js'
import { fingerprint, jsonLike } from './link-messages.js'

/** A way to write JSON-like values as bytes. */
export interface ValueForm {
  encodeValue(value: unknown): Uint8Array
  roundTrip(value: unknown): unknown
}

/** What every form of JSON-like values holds, bit for bit, and what none does. */
export function describeValueForm(name: string, { encodeValue, roundTrip }: ValueForm): void {
  describe(`${name}: a value`, () => {
    test('comes back with the same bits', () => {
      fc.assert(
        fc.property(jsonLike, (value) => {
          expect(fingerprint(roundTrip(value))).toBe(fingerprint(value))
        }),
        { numRuns: casesOf({ short: 250, long: 1000 }), seed: 51 },
      )
    })

    test('keeps arrays that are parts of others', () => {
      const whole = Float64Array.of(1, 2, 3, 4)
      expect(roundTrip(whole.subarray(1, 3))).toStrictEqual(Float64Array.of(2, 3))
    })

    test.each<{ readonly why: string; readonly value: unknown }>([
      { why: 'a function', value: { f: () => 1 } },
      { why: 'a symbol', value: [Symbol('x')] },
      { why: 'a bigint', value: 1n },
      { why: 'an instance of a class', value: new Map() },
      { why: 'another kind of array', value: new Float32Array(1) },
      { why: 'the key __proto__', value: JSON.parse('{"__proto__": 1}') },
    ])('cannot hold $why', ({ value }) => {
      expect(() => encodeValue(value)).toThrow(InternalError)
    })

    test('cannot hold itself', () => {
      const list: unknown[] = []
      list.push(list)
      expect(() => encodeValue(list)).toThrow('nested more than 64 deep')
    })
  })
}
