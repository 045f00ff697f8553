import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeepEqual } from '../../src/events/is-deep-equal.js'

/** What travels, and undefined. */
const values = () => fc.anything({ withNullPrototype: true, withTypedArray: true, withSparseArray: true, maxDepth: 4 })

/** The same again, object by object; also what holds itself. */
const copyOf = <Value>(value: Value): Value => structuredClone(value)

test('any two values are equal exactly where Node.js finds them so', () => {
  const either = fc.oneof(
    fc.tuple(values(), values()),
    values().map((value) => [value, value] as const),
    values().map((value) => [value, copyOf(value)] as const),
    fc.tuple(fc.array(values()), values()).map(([list, last]) => [list, [...list, last]] as const),
    fc.tuple(fc.dictionary(fc.string(), values()), fc.string()).map(([one, name]) => {
      return [one, { ...one, [name]: undefined }] as const
    }),
  )
  fc.assert(
    fc.property(either, ([one, other]) => {
      expect(isDeepEqual(one, other)).toBe(isDeepStrictEqual(one, other))
      expect(isDeepEqual({ held: [one] }, { held: [other] })).toBe(isDeepStrictEqual([one], [other]))
    }),
  )
})

test.each<[unknown, unknown, boolean]>([
  [Number.NaN, Number.NaN, true],
  [0, -0, false],
  [null, undefined, false],
  [1, '1', false],
  [[], {}, false],
  [[undefined], [], false],
  [new Array(1), [undefined], false],
  [{ a: undefined }, {}, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ toString: 1 }, { b: 1 }, false],
  [Object.create(null), {}, false],
  [Float64Array.of(0), Float64Array.of(-0), false],
  [Float64Array.of(Number.NaN, 1), Float64Array.of(Number.NaN, 1), true],
  [Uint8Array.of(1), Int8Array.of(1), false],
  [Uint8Array.of(1), Buffer.from([1]), false],
  [Uint8Array.of(0, 7).subarray(1), Uint8Array.of(7), true],
  [Uint8Array.of(7), Uint8Array.of(7, 0), false],
  [Uint8Array.of(7), [7], false],
])('%j and %j', (one, other, areEqual) => {
  expect(isDeepEqual(one, other)).toBe(areEqual)
  expect(isDeepEqual(other, one)).toBe(areEqual)
  expect(isDeepStrictEqual(one, other)).toBe(areEqual)
})

test('what holds itself is equal to what does so in the same place', () => {
  const ring = (length: number) => {
    const first: unknown[] = []
    let last: unknown[] = first
    for (let k = 1; k < length; k++) {
      const next: unknown[] = []
      last.push(next)
      last = next
    }
    last.push(first)
    return first
  }
  expect(isDeepEqual(ring(1), ring(1))).toBe(true)
  expect(isDeepEqual(ring(3), ring(3))).toBe(true)
  expect(isDeepEqual(ring(2), ring(3))).toBe(false)
  expect(isDeepEqual(ring(2), [[[]]])).toBe(false)
})

test('what is neither plain nor an array of numbers is equal to itself alone', () => {
  for (const make of [
    () => new Date(0),
    () => new Map(),
    () => new Set(),
    () => /a/,
    () => () => 1,
    () => Symbol('a'),
  ]) {
    const value = make()
    expect(isDeepEqual([value], [value])).toBe(true)
    expect(isDeepEqual([value], [make()])).toBe(false)
  }
})
