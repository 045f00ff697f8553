import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { log1p } from '../../src/numerics/log1p.js'
import { casesOf } from '../support/cases-of.js'
import { binades, evenly } from './arguments.js'
import { decreases } from './decreases.js'
import { reference, ulpError } from './ulp-error.js'

const nearMinusOne = binades(Number.EPSILON, 0.3).map((x) => x - 1)

describe('log1p', () => {
  it('is within 0.7 ulp', () => {
    const argument = fc.oneof(
      binades(-0.9, 1),
      evenly(-0.5, 1),
      binades(1, Number.MAX_VALUE),
      nearMinusOne,
      evenly(1, 1000),
    )
    fc.assert(
      fc.property(argument, (x) => {
        expect(ulpError(log1p(x), reference.log1p(x))).toBeLessThanOrEqual(0.7)
      }),
      { numRuns: casesOf({ short: 600, long: 3000 }) },
    )
  })

  it('never decreases from a double to the next', () => {
    const turns = fc.constantFrom(-0.2928, 0.4142, Math.SQRT1_2 - 1, Math.SQRT2 - 1, 1, 2 ** 53)
    fc.assert(
      fc.property(fc.oneof(binades(-0.9, 1e300), evenly(-0.9, 2), turns), (x) => {
        expect(decreases(log1p, x)).toEqual([])
      }),
      { numRuns: casesOf({ short: 125, long: 500 }) },
    )
  })

  it.each([
    [0, 0],
    [-0, -0],
    [-1, Number.NEGATIVE_INFINITY],
    [-1.0000000000000002, Number.NaN],
    [Number.NaN, Number.NaN],
    [Number.NEGATIVE_INFINITY, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.MAX_VALUE, 709.782712893384],
    [Number.MIN_VALUE, Number.MIN_VALUE],
    [-Number.MIN_VALUE, -Number.MIN_VALUE],
    [1e-17, 1e-17],
    [1, Math.LN2],
    [-0.5, -Math.LN2],
    [-0.9999999999999999, -36.7368005696771],
  ])('of %d is %d', (x, value) => {
    expect(log1p(x)).toBe(value)
  })
})
