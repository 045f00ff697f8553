import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expm1 } from '../../src/numerics/expm1.js'
import { casesOf } from '../support/cases-of.js'
import { binades, evenly, nearHalfLn2 } from './arguments.js'
import { decreases } from './decreases.js'
import { reference, ulpError } from './ulp-error.js'

describe('expm1', () => {
  it('is within 0.85 ulp', () => {
    const argument = fc.oneof(
      evenly(-0.5, 0.5),
      evenly(-45, 45),
      binades(-1, 1),
      binades(-1e300, 709.78),
      nearHalfLn2(45),
    )
    fc.assert(
      fc.property(argument, (x) => {
        fc.pre(x > -1e4)
        expect(ulpError(expm1(x), reference.expm1(x))).toBeLessThanOrEqual(0.85)
      }),
      { numRuns: casesOf({ short: 600, long: 3000 }) },
    )
  })

  it('never decreases from a double to the next', () => {
    fc.assert(
      fc.property(fc.oneof(evenly(-45, 45), evenly(-1, 1), nearHalfLn2(45), fc.constantFrom(-40, 44)), (x) => {
        expect(decreases(expm1, x)).toEqual([])
      }),
      { numRuns: casesOf({ short: 125, long: 500 }) },
    )
  })

  it.each([
    [0, 0],
    [-0, -0],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, -1],
    [Number.MIN_VALUE, Number.MIN_VALUE],
    [-Number.MIN_VALUE, -Number.MIN_VALUE],
    [1e-300, 1e-300],
    [1e-17, 1e-17],
    [1, 1.7182818284590453],
    [-1, -0.6321205588285577],
    [-40, -1],
    [-1e300, -1],
    [709.7827128933841, Number.POSITIVE_INFINITY],
  ])('of %d is %d', (x, value) => {
    expect(expm1(x)).toBe(value)
  })
})
