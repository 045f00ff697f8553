import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCK, blockSum } from '../../src/numerics/block-sum.js'

const block = fc.float64Array({ minLength: 0, maxLength: BLOCK, noNaN: true, noDefaultInfinity: true })

/** The definition, word for word. */
function defined(values: Float64Array): number {
  const g = (i: number) => values[i] ?? 0
  const accumulators = [0, 1].map((b) => {
    let sum = 0
    for (let o = 0; o < 4; o++) sum += g(8 * o + b) + g(8 * o + 2 + b) + (g(8 * o + 4 + b) + g(8 * o + 6 + b))
    return sum
  })
  return accumulators[0]! + accumulators[1]!
}

describe('blockSum', () => {
  it('follows its definition to the bit', () => {
    fc.assert(
      fc.property(block, (values) => {
        expect(blockSum(values, 0, values.length)).toBe(defined(values))
      }),
    )
  })

  it('treats missing entries as zeros', () => {
    fc.assert(
      fc.property(block, (values) => {
        const padded = new Float64Array(BLOCK)
        padded.set(values)
        expect(blockSum(values, 0, values.length)).toBe(blockSum(padded, 0, BLOCK))
      }),
    )
  })

  it('reads nothing but its entries', () => {
    fc.assert(
      fc.property(block, fc.nat(9), (values, offset) => {
        const around = new Float64Array(offset + values.length + 9).fill(Number.NaN)
        around.set(values, offset)
        expect(blockSum(around, offset, values.length)).toBe(blockSum(values, 0, values.length))
      }),
    )
  })

  it('has an order that can be told from the order of the entries', () => {
    const values = Float64Array.of(1e16, 1, -1e16, 1)
    expect(blockSum(values, 0, 4)).toBe(2)
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(1)
  })

  it('is +0 for negative zeros and for nothing', () => {
    expect(blockSum(new Float64Array(BLOCK).fill(-0), 0, BLOCK)).toBe(0)
    expect(blockSum(new Float64Array(BLOCK).fill(-0), 0, 5)).toBe(0)
    expect(blockSum(new Float64Array(0), 0, 0)).toBe(0)
  })
})
