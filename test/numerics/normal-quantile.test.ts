import { Decimal } from 'decimal.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../src/numerics/normal-quantile.js'
import { binades, evenly } from './arguments.js'
import { exact } from './ulp-error.js'

const D = Decimal.clone({ precision: 60 })
const SQRT_TWO_PI = D.acos(-1).mul(2).sqrt()
const density = (x: Decimal) => x.pow(2).div(-2).exp().div(SQRT_TWO_PI)

/** Phi(x) - 1/2 = density(x) (x + x^3/3 + x^5/(3·5) + …) */
function centralMass(x: Decimal): Decimal {
  let term = x
  let sum = x
  for (let k = 3; !term.isZero() && term.abs().gt(sum.abs().mul(1e-50)); k += 2) {
    term = term.mul(x).mul(x).div(k)
    sum = sum.add(term)
  }
  return density(x).mul(sum)
}

/** The relative error of the quantile found for p, by one Newton step from it. */
function relativeError(p: number): number {
  const x = exact(normalQuantile(p))
  const excess = centralMass(x).add(0.5).sub(exact(p))
  return excess.div(density(x)).div(x).abs().toNumber()
}

describe('normalQuantile', () => {
  it('inverts the normal distribution to 2e-15', () => {
    const argument = fc.oneof(
      evenly(1e-9, 1 - 1e-9),
      binades(1e-30, 0.1),
      binades(1e-16, 0.1).map((p) => 1 - p),
    )
    fc.assert(
      fc.property(argument, (p) => {
        fc.pre(p !== 0.5)
        expect(relativeError(p)).toBeLessThan(2e-15)
      }),
      { numRuns: 300 },
    )
  })

  it('is odd about 1/2', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 51 }), (n) => {
        const p = n * 2 ** -52
        expect(normalQuantile(1 - p) + 0).toBe(-normalQuantile(p) + 0)
      }),
    )
  })

  it.each([
    [0.5, 0],
    [0, Number.NEGATIVE_INFINITY],
    [1, Number.POSITIVE_INFINITY],
    [-0.1, Number.NaN],
    [1.1, Number.NaN],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (p, value) => {
    expect(normalQuantile(p)).toBe(value)
  })

  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798409],
  ])('of %d is %d, as published with the algorithm', (p, value) => {
    expect(Math.abs(normalQuantile(p) / value - 1)).toBeLessThan(1e-15)
  })
})
