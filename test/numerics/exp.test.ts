import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exp } from '../../src/numerics/exp.js'
import { casesOf } from '../support/cases-of.js'
import { binades, evenly, nearHalfLn2 } from './arguments.js'
import { decreases } from './decreases.js'
import { reference, ulpError } from './ulp-error.js'

const SUBNORMAL_RESULT = -708.3964185322641

describe('exp', () => {
  it('is within 0.61 ulp where the result is normal', () => {
    const argument = fc.oneof(evenly(-708.39, 709.78), evenly(-2, 2), binades(-708.39, 709.78), nearHalfLn2(708))
    fc.assert(
      fc.property(argument, (x) => {
        expect(ulpError(exp(x), reference.exp(x))).toBeLessThanOrEqual(0.61)
      }),
      { numRuns: casesOf({ short: 600, long: 3000 }) },
    )
  })

  it('is within 0.8 ulp where the result is subnormal', () => {
    fc.assert(
      fc.property(evenly(-745.13, SUBNORMAL_RESULT), (x) => {
        expect(ulpError(exp(x), reference.exp(x))).toBeLessThanOrEqual(0.8)
      }),
      { numRuns: casesOf({ short: 125, long: 500 }) },
    )
  })

  it('never decreases from a double to the next', () => {
    fc.assert(
      fc.property(fc.oneof(evenly(-745, 709), evenly(-1, 1), nearHalfLn2(20)), (x) => {
        expect(decreases(exp, x)).toEqual([])
      }),
      { numRuns: casesOf({ short: 125, long: 500 }) },
    )
  })

  it.each([
    [0, 1],
    [-0, 1],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.MAX_VALUE, Number.POSITIVE_INFINITY],
    [-Number.MAX_VALUE, 0],
    [Number.MIN_VALUE, 1],
    [1, Math.E],
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, Number.POSITIVE_INFINITY],
    [-745.1332191019411, Number.MIN_VALUE],
    [-745.1332191019412, 0],
  ])('of %d is %d', (x, value) => {
    expect(exp(x)).toBe(value)
  })
})
