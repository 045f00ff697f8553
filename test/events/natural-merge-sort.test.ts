import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortByKey } from '../../src/events/natural-merge-sort.js'

const key = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 10, noNaN: true }))

function sorted(keys: readonly number[], ranks: readonly number[]) {
  const order = Int32Array.from(keys, (_, k) => k)
  const counted = { comparisons: 0 }
  const before = (a: number, b: number) => {
    counted.comparisons++
    return ranks[a]! < ranks[b]!
  }
  sortByKey(order, new Int32Array(keys.length), keys.length, Float64Array.from(keys), before)
  return { order: Array.from(order), ...counted }
}

test('the order is that of Array.sort: by key, then by the given order, then as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat(2)), { maxLength: 60, size: 'max' }), (entries) => {
      const [keys, ranks] = [entries.map(([k]) => k), entries.map(([, rank]) => rank)]
      const expected = keys.map((_, k) => k).sort((a, b) => keys[a]! - keys[b]! || ranks[a]! - ranks[b]! || a - b)
      expect(sorted(keys, ranks).order).toEqual(expected)
    }),
    { numRuns: 500, seed: 20 },
  )
})

test('what is beyond the count stays as it is', () => {
  const order = Int32Array.of(2, 1, 0, 7, 8)
  sortByKey(order, new Int32Array(5), 3, Float64Array.of(1, 2, 3), () => false)
  expect(Array.from(order)).toEqual([0, 1, 2, 7, 8])
})

test('equal keys that are in order are looked at once', () => {
  const many = new Array<number>(1000).fill(1)
  const { order, comparisons } = sorted(many, many)
  expect(order.every((value, k) => value === k)).toBe(true)
  expect(comparisons).toBeLessThan(1000)
})
