import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipScale, measureGradient } from '../../src/learning/clip.js'
import { largestMagnitude, type SquaresPart, squaresOf } from '../../src/learning/gradient-squares.js'

const never = async (): Promise<readonly SquaresPart[]> => expect.fail('the squares did not overflow')

type Again = (scale: number) => Promise<readonly SquaresPart[]>

/** Measures arrays with an entry per neuron, the first of which is term 0. */
function measured(lists: readonly Float64Array[], again?: Again) {
  const squares = (scale: number) =>
    lists.map((values, term) => {
      return squaresOf({ term, values, targets: null, start: 0, size: values.length, total: values.length }, scale)
    })
  return measureGradient(squares(1), largestMagnitude(lists), again ?? (async (scale) => squares(scale)))
}

const normOf = async (lists: readonly Float64Array[], again?: Again) => (await measured(lists, again))()

describe('the norm of a gradient', () => {
  it('is the root of the sum of squares', async () => {
    expect(await normOf([Float64Array.of(1, 2), Float64Array.of(2)], never)).toBe(3)
    expect(await normOf([])).toBe(0)
  })

  it('is that of the terms that are wanted, also where the whole overflows', async () => {
    const small = await measured([Float64Array.of(3, 4), Float64Array.of(12)], never)
    expect([small(), small((term) => term === 0), small((term) => term === 1), small(() => false)]).toEqual([
      13, 5, 12, 0,
    ])
    const huge = await measured([Float64Array.of(3e200, 4e200), Float64Array.of(12)])
    expect(huge((term) => term === 0)).toBeCloseTo(5e200, -190)
    expect(huge(() => false)).toBe(0)
  })

  it('neither overflows nor hides what is not finite', async () => {
    expect(await normOf([Float64Array.of(3e200), Float64Array.of(-4e200)])).toBeCloseTo(5e200, -190)
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const norm = normOf([Float64Array.of(1, bad, 2)], never)
      await expect(norm).rejects.toMatchObject({ code: 'GRADIENT_NOT_FINITE' })
    }
  })
})

describe('clipping', () => {
  it('brings a norm down to the limit and leaves a smaller one alone', () => {
    const size = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(size, size, (norm, limit) => {
        const clipped = norm * clipScale(norm, limit)
        expect(clipped).toBeLessThanOrEqual(limit * (1 + 1e-15))
        if (norm <= limit) expect(clipScale(norm, limit)).toBe(1)
      }),
    )
    expect(clipScale(8, 2)).toBe(0.25)
    expect(clipScale(1e300, Number.POSITIVE_INFINITY)).toBe(1)
    expect(clipScale(0, 1)).toBe(1)
  })
})
