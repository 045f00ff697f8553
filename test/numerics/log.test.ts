import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { log } from '../../src/numerics/log.js'
import { casesOf } from '../support/cases-of.js'
import { binades, evenly } from './arguments.js'
import { decreases } from './decreases.js'
import { reference, ulpError } from './ulp-error.js'

const nearOne = binades(-0.3, 0.4).map((x) => 1 + x)

describe('log', () => {
  it('is within 0.7 ulp', () => {
    const argument = fc.oneof(
      binades(Number.MIN_VALUE, Number.MAX_VALUE),
      binades(Number.MIN_VALUE, 2.2e-308),
      evenly(0.5, 2),
      nearOne,
      evenly(1e-3, 1e3),
    )
    fc.assert(
      fc.property(argument, (x) => {
        fc.pre(x !== 1)
        expect(ulpError(log(x), reference.log(x))).toBeLessThanOrEqual(0.7)
      }),
      { numRuns: casesOf({ short: 600, long: 3000 }) },
    )
  })

  it('never decreases from a double to the next', () => {
    const turns = fc.constantFrom(Math.SQRT1_2, Math.SQRT2, 1, 2, 2.2250738585072014e-308)
    const argument = fc.oneof(binades(1e-307, 1e300), evenly(0.5, 2), turns)
    fc.assert(
      fc.property(argument, (x) => {
        expect(decreases(log, x)).toEqual([])
      }),
      { numRuns: casesOf({ short: 125, long: 500 }) },
    )
  })

  it.each([
    [0, Number.NEGATIVE_INFINITY],
    [-0, Number.NEGATIVE_INFINITY],
    [1, 0],
    [2, Math.LN2],
    [0.5, -Math.LN2],
    [10, Math.LN10],
    [Number.NaN, Number.NaN],
    [-1, Number.NaN],
    [-Number.MIN_VALUE, Number.NaN],
    [Number.NEGATIVE_INFINITY, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.MAX_VALUE, 709.782712893384],
    [Number.MIN_VALUE, -744.4400719213812],
    [2.2250738585072014e-308, -708.3964185322641],
  ])('of %d is %d', (x, value) => {
    expect(log(x)).toBe(value)
  })
})
