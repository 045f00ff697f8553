import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameNumbers } from './quick-equality.js'

const arrays = fc.oneof(
  fc.float64Array({ minLength: 1 }),
  fc.float32Array({ minLength: 1 }),
  fc.uint32Array({ minLength: 1 }),
  fc.uint8Array({ minLength: 1 }),
)

test('it is asked before others, who would look at what else an array has', () => {
  const array = (name: string) => Object.assign(Float64Array.of(1, -0, Number.NaN), { name })
  expect({ of: [array('a')] }).toStrictEqual({ of: [array('b')] })
})

test('arrays are equal exactly with the same numbers, and one bit more is found', () => {
  let found = 0
  fc.assert(
    fc.property(arrays, fc.nat(), fc.nat(7), (array, at, bit) => {
      const same = array.slice()
      expect(sameNumbers(array, same)).toBe(true)
      expect({ array }).toStrictEqual({ array: same })
      const other = array.slice()
      const bytes = new Uint8Array(other.buffer)
      bytes[at % bytes.length]! ^= 1 << bit
      // One NaN is another.
      if (array.every((value, k) => Object.is(value, other[k]))) return
      for (const [a, b] of [
        [array, other],
        [Array.from<number>(array), Array.from<number>(other)],
      ]) {
        expect(sameNumbers(a, b)).toBeUndefined()
        expect(() => expect({ a }).toEqual({ a: b })).toThrow()
        expect(() => expect({ a }).toStrictEqual({ a: b })).toThrow()
        expect({ a }).not.toEqual({ a: b })
      }
      found++
    }),
  )
  expect(found).toBeGreaterThan(50)
})

test.each([
  ['another kind', Float64Array.of(0), Uint8Array.from({ length: 8 }, () => 0)],
  ['0 and -0', Float64Array.of(0), Float64Array.of(-0)],
  ['0 and -0 in a list', [0], [-0]],
  ['another length', Float64Array.of(1, 2), Float64Array.of(1)],
  ['a shorter list', [1], [1, 2]],
  ['a longer list', [1, 2], [1]],
  ['a hole', new Array<number>(1), [Number.NaN]],
  ['a list of another class', new (class Own extends Array<number> {})(1, 2), [1, 2]],
  ['a view in the place of an array', new DataView(new ArrayBuffer(8)), Float64Array.of(0)],
  ['what is no array', Float64Array.of(0), [0]],
])('%s is left to others, who find it', (_, a, b) => {
  expect(sameNumbers(a, b)).toBeUndefined()
  expect(() => expect({ a }).toStrictEqual({ a: b })).toThrow()
})
