import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextDown, nextUp } from '../../src/numerics/neighbours.js'
import { binades } from './arguments.js'
import { neighbour } from './ulp-error.js'

describe('nextDown and nextUp', () => {
  const powersOfTwo = fc.integer({ min: -1074, max: 1023 }).map((k) => 2 ** k)
  const tiny = binades(Number.MIN_VALUE, 2 ** -960)
  const positive = fc.oneof(binades(Number.MIN_VALUE, Number.MAX_VALUE / 2), powersOfTwo, tiny)

  it('are the neighbouring doubles', () => {
    fc.assert(
      fc.property(positive, (x) => {
        expect(nextDown(x)).toBe(neighbour(x, -1))
        expect(nextUp(x)).toBe(neighbour(x, 1))
      }),
      { numRuns: 3000 },
    )
  })

  it('step around zero and from Infinity', () => {
    expect(nextUp(0)).toBe(Number.MIN_VALUE)
    expect(nextDown(0)).toBe(-Number.MIN_VALUE)
    expect(nextDown(Number.POSITIVE_INFINITY)).toBe(Number.MAX_VALUE)
  })
})
