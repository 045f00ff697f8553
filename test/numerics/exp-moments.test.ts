import fc from 'fast-check'
import { expect, test } from 'vitest'
import { earlyMoment, lateMoment } from '../../src/numerics/exp-moments.js'
import { exact, Real } from '../support/decimal.js'

const distances = fc.oneof(
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 700, noNaN: true }),
  fc.integer({ min: -300, max: 0 }).map((exponent) => 10 ** exponent),
)

/** Error in units of 2^-53, relative. */
function errorOf(value: number, expected: Real): number {
  return exact(value)
    .minus(expected)
    .abs()
    .div(expected)
    .times(2 ** 53)
    .toNumber()
}

/** Both moments with as many digits as cancel. */
function momentsOf(y: number): { readonly late: Real; readonly early: Real } {
  const Long = Real.clone({ precision: 700 })
  const [distance, decay] = [new Long(exact(y)), Long.exp(new Long(exact(-y)))]
  const square = distance.times(distance)
  return {
    late: new Real(decay.minus(1).plus(distance).div(square)),
    early: new Real(new Long(1).minus(distance.plus(1).times(decay)).div(square)),
  }
}

test('the moments of an exponential are right to a few units in the last place, however short', () => {
  fc.assert(
    fc.property(
      distances.filter((y) => y > 1e-300),
      (y) => {
        const { late, early } = momentsOf(y)
        expect(errorOf(lateMoment(y), late)).toBeLessThan(12)
        expect(errorOf(earlyMoment(y, lateMoment(y)), early)).toBeLessThan(12)
      },
    ),
    { numRuns: 60, seed: 12 },
  )
})

test('of a constant they are halves, and together they are the mean', () => {
  expect([lateMoment(0), earlyMoment(0, lateMoment(0))]).toEqual([0.5, 0.5])
  fc.assert(
    fc.property(distances, (y) => {
      const late = lateMoment(y)
      const mean = y === 0 ? 1 : -Math.expm1(-y) / y
      expect(late + earlyMoment(y, late)).toBeCloseTo(mean, 14)
    }),
  )
})
