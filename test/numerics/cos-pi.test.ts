import { Decimal } from 'decimal.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosPi } from '../../src/numerics/cos-pi.js'
import { casesOf } from '../support/cases-of.js'
import { binades, evenly } from './arguments.js'
import { exact, ulpError } from './ulp-error.js'

const D = Decimal.clone({ precision: 60 })
const PI = D.acos(-1)

describe('cosPi', () => {
  it('is within 2 ulp, far from 0 and near the halves', () => {
    const nearHalf = binades(1e-12, 0.25).map((x) => 0.5 - x)
    const argument = fc.oneof(evenly(0, 0.5), evenly(-3, 3), binades(1e-9, 0.5), nearHalf, evenly(-1e6, 1e6))
    fc.assert(
      fc.property(argument, (x) => {
        const turns = exact(x).mod(2)
        // Where the true value is 0, so is the found one: see below.
        fc.pre(!turns.sub(0.5).mod(1).isZero())
        expect(ulpError(cosPi(x), D.cos(turns.mul(PI)))).toBeLessThanOrEqual(2)
      }),
      { numRuns: casesOf({ short: 400, long: 2000 }) },
    )
  })

  it('is even, has the period 2, and changes its sign at every whole step', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), fc.integer({ min: -500, max: 500 }), (n, turns) => {
        const x = n / 2 ** 30
        expect(cosPi(-x)).toBe(cosPi(x))
        expect(cosPi(x + 2 * turns)).toBe(cosPi(x))
        expect(cosPi(x + 1) + cosPi(x)).toBe(0)
      }),
    )
  })

  it('falls from 0 to 1', () => {
    fc.assert(
      fc.property(evenly(0, 1), evenly(0, 1), (a, b) => {
        fc.pre(Math.abs(a - b) > 1e-6)
        expect(cosPi(Math.min(a, b))).toBeGreaterThan(cosPi(Math.max(a, b)))
      }),
    )
  })

  it.each([
    [0, 1],
    [0.5, 0],
    [1, -1],
    [2, 1],
    [-1.5, 0],
    [1 / 3, 0.5],
    [0.25, Math.SQRT1_2],
    [Number.MAX_VALUE, 1],
  ])('of %d is %d', (x, value) => {
    expect(cosPi(x)).toBeCloseTo(value, 15)
  })

  it('of what is not finite is no number', () => {
    for (const x of [Number.NaN, Infinity, -Infinity]) expect(cosPi(x)).toBeNaN()
  })
})
