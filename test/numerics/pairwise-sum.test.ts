import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockSum } from '../../src/numerics/block-sum.js'
import { groupSum } from '../../src/numerics/group-sum.js'
import { pairwiseSum } from '../../src/numerics/pairwise-sum.js'
import { createTreeAccumulator } from '../../src/numerics/tree-accumulator.js'

const finite = { noNaN: true, noDefaultInfinity: true }
const vector = fc.float64Array({ maxLength: 80, ...finite })

/** The definition, word for word. */
function defined(values: Float64Array): number {
  if (values.length === 0) return 0
  if (values.length === 1) return values[0]!
  let middle = 1
  while (middle * 2 < values.length) middle *= 2
  return defined(values.subarray(0, middle)) + defined(values.subarray(middle))
}

describe('pairwiseSum', () => {
  it('follows its definition to the bit, but for the sign of zero', () => {
    fc.assert(
      fc.property(vector, fc.nat(5), (values, offset) => {
        const around = new Float64Array(offset + values.length + 2).fill(Number.NaN)
        around.set(values, offset)
        expect(pairwiseSum(around, offset, values.length)).toBe(defined(values) + 0)
      }),
    )
  })

  it('keeps its bits when whole subtrees are replaced by their sums', () => {
    fc.assert(
      fc.property(vector, fc.integer({ min: 0, max: 4 }), (values, level) => {
        const size = 2 ** level
        const starts = Array.from({ length: Math.ceil(values.length / size) }, (_, i) => i * size)
        const sums = starts.map((start) => pairwiseSum(values, start, Math.min(size, values.length - start)))
        expect(pairwiseSum(Float64Array.from(sums), 0, sums.length)).toBe(pairwiseSum(values, 0, values.length))
      }),
    )
  })

  it('is +0 for negative zeros and for nothing', () => {
    for (const count of [0, 1, 2, 3, 4, 5]) {
      expect(pairwiseSum(new Float64Array(count).fill(-0), 0, count)).toBe(0)
    }
  })
})

describe('createTreeAccumulator', () => {
  const leaves = fc.tuple(fc.nat(4), fc.nat(40)).chain(([length, count]) =>
    fc
      .array(fc.float64Array({ minLength: length, maxLength: length, ...finite }), {
        minLength: count,
        maxLength: count,
      })
      .map((vectors) => ({ length, vectors })),
  )

  it('yields the bits of pairwiseSum in every element, also when used again', () => {
    fc.assert(
      fc.property(leaves, fc.nat(9), ({ length, vectors }, usedBefore) => {
        const accumulator = createTreeAccumulator(length)
        const sums = new Float64Array(length)
        for (let i = 0; i < usedBefore; i++) accumulator.push(new Float64Array(length).fill(1e9 / 3))
        expect(accumulator.finish(sums)).toBe(usedBefore)

        for (const values of vectors) accumulator.push(values)
        expect(accumulator.finish(sums.fill(Number.NaN))).toBe(vectors.length)
        for (let j = 0; j < length; j++) {
          const column = Float64Array.from(vectors, (values) => values[j]!)
          expect(sums[j]).toBe(pairwiseSum(column, 0, column.length))
        }
      }),
    )
  })

  it('never yields -0', () => {
    for (let count = 0; count < 6; count++) {
      const accumulator = createTreeAccumulator(2)
      for (let k = 0; k < count; k++) accumulator.push(Float64Array.of(-0, -0))
      const sums = Float64Array.of(-0, -0)
      accumulator.finish(sums)
      expect([...sums].every((sum) => Object.is(sum, 0))).toBe(true)
    }
  })

  it('copies its leaves', () => {
    const accumulator = createTreeAccumulator(1)
    const leaf = Float64Array.of(1)
    accumulator.push(leaf)
    leaf[0] = 5
    accumulator.push(leaf)
    accumulator.finish(leaf)
    expect(leaf).toEqual(Float64Array.of(6))
  })

  it('refuses a vector of another length', () => {
    expect(() => createTreeAccumulator(2).push(new Float64Array(3))).toThrow(RangeError)
    expect(() => createTreeAccumulator(2).finish(new Float64Array(1))).toThrow(RangeError)
  })
})

describe('groupSum', () => {
  it('is the pairwise sum of the block sums', () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 400, ...finite }), fc.nat(5), (values, offset) => {
        const around = new Float64Array(offset + values.length + 2).fill(Number.NaN)
        around.set(values, offset)
        const starts = Array.from({ length: Math.ceil(values.length / 32) }, (_, block) => 32 * block)
        const blocks = starts.map((start) => blockSum(values, start, Math.min(32, values.length - start)))
        const expected = pairwiseSum(Float64Array.from(blocks), 0, blocks.length)
        expect(groupSum(around, offset, values.length)).toBe(expected)
      }),
    )
  })
})
