import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortRecords } from '../../../../src/dynamics/kernels/window/rows/source-rows.js'
import { casesOf } from '../../../support/cases-of.js'

test('sorts few records and many, and keeps those of a key in their order', () => {
  const record = fc.nat(9)
  const keys = fc.oneof(fc.array(record, { maxLength: 30 }), fc.array(record, { minLength: 20, maxLength: 200 }))
  const law = fc.property(keys, fc.constantFrom(2, 3, 4), (drawn, width) => {
    // A key, its first place, and zeros.
    const records = drawn.map((key, k) => [key, k, ...Array<number>(width - 2).fill(0)])
    const words = Uint32Array.from(records.flat())
    const keyOf = (k: number) => words[width * k]!
    sortRecords(words, width, (a, b) => keyOf(a) - keyOf(b) || words[width * a + 1]! - words[width * b + 1]!)
    const expected = records.toSorted(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j)
    expect([...words]).toEqual(expected.flat())
  })
  fc.assert(law, { numRuns: casesOf({ short: 100, long: 2000 }) })
})

test('leaves alone what is in order', () => {
  const words = Uint32Array.of(1, 7, 2, 6, 3, 5)
  sortRecords(words, 2, (a, b) => words[2 * a]! - words[2 * b]!)
  expect([...words]).toEqual([1, 7, 2, 6, 3, 5])
})
