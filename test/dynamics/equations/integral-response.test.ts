import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveConstants } from '../../../src/dynamics/equations/derive-constants.js'
import { IntegralResponse, risingIntegral } from '../../../src/dynamics/equations/integral-response.js'
import { KAPPA_EXC, PROPAGATOR_SIZE, propagate } from '../../../src/dynamics/equations/propagator.js'
import { arbitraryScale, arbitraryTauBeside, between } from '../../support/arbitraries.js'
import { integrate } from '../../support/quadrature.js'

const constants = arbitraryScale(2, 50).chain((tauMem) =>
  arbitraryTauBeside(tauMem).map((tauSyn) => deriveConstants(tauMem, tauSyn, tauSyn, 20)),
)
/** Related to other time constants, unrelated, or none. */
const weighting = (until: fc.Arbitrary<number>) =>
  fc.record({ tau: fc.oneof(fc.constant(Infinity), arbitraryScale(1, 300), fc.constantFrom(5, 10, 20)), until })

/** Few enough panels to be quick, enough for 16 points each to be exact to rounding. */
const panelsOf = (rate: number, span: number) => Math.ceil(1 + (rate * span) / 3)

function kappaOf(c: ReturnType<typeof deriveConstants>, u: number): number {
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(c, u, factors)
  return factors[KAPPA_EXC]!
}

function expectNear(found: number, expected: number, accuracy: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(accuracy * Math.abs(expected))
}

describe('the response of an integral over a voltage', () => {
  test('to an arrival is what quadrature finds, whatever the time constants', () => {
    const share = fc.oneof(
      between(0, 1),
      arbitraryScale(1e-6, 1).map((x) => 1 - x),
    )
    fc.assert(
      fc.property(constants, weighting(arbitraryScale(1, 200)), share, (c, weights, at) => {
        const time = at * weights.until
        fc.pre(time < weights.until)
        const response = new IntegralResponse(c, weights)
        response.at(time)
        const d = weights.until - time
        const panels = panelsOf(1 / c.tauMem + 1 / c.exc.tauSyn + 1 / weights.tau, d)
        const weighted = (u: number) => Math.exp(-(time + u) / weights.tau) * kappaOf(c, u)
        expectNear(response.effect, integrate(weighted, 0, d, panels), 1e-13)
      }),
      { numRuns: 300, seed: 6 },
    )
  })

  test('to a bias is what quadrature finds', () => {
    fc.assert(
      fc.property(constants, weighting(arbitraryScale(0.01, 200)), (c, weights) => {
        const risen = (t: number) => -Math.exp(-t / weights.tau) * Math.expm1(-t / c.tauMem)
        const panels = panelsOf(1 / c.tauMem + 1 / weights.tau, weights.until)
        expectNear(new IntegralResponse(c, weights).bias, integrate(risen, 0, weights.until, panels), 1e-13)
      }),
      { numRuns: 200, seed: 7 },
    )
  })

  test('is the adjoint of the model under the source e^{-t/tau}: pI, and the gradient event per weight', () => {
    fc.assert(
      fc.property(constants, weighting(between(10, 80)), between(0, 0.99), (c, weights, at) => {
        const time = at * weights.until
        const response = new IntegralResponse(c, weights)
        response.at(time)
        // -pV' = -pV/tauMem + e^{-t/tau}, -pI' = -pI/tauSyn + pV/tauMem, from 0 at the end; classical Runge–Kutta.
        const steps = 400
        const h = (weights.until - time) / steps
        const slope = (t: number, [v, i]: readonly [number, number]): [number, number] => [
          Math.exp(-t / weights.tau) - v / c.tauMem,
          v / c.tauMem - i / c.exc.tauSyn,
        ]
        let p: [number, number] = [0, 0]
        for (let step = 0; step < steps; step++) {
          const t = weights.until - step * h
          const moved = ([v, i]: [number, number], by: number): [number, number] => [p[0] + by * v, p[1] + by * i]
          const k1 = slope(t, p)
          const k2 = slope(t - h / 2, moved(k1, h / 2))
          const k3 = slope(t - h / 2, moved(k2, h / 2))
          const k4 = slope(t - h, moved(k3, h))
          p = moved([k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0], k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1]], h / 6)
        }
        const scale = p[1] / c.exc.tauSyn + p[0] / c.tauMem
        expect(Math.abs(response.effect - p[1])).toBeLessThan(1e-5 * p[1] + 1e-12)
        expect(Math.abs(response.shift - (p[1] / c.exc.tauSyn - p[0] / c.tauMem))).toBeLessThan(1e-5 * scale)
      }),
      { numRuns: 100, seed: 8 },
    )
  })

  test('changes with the time of arrival by its own derivative', () => {
    fc.assert(
      fc.property(constants, weighting(between(10, 80)), between(0.05, 0.95), (c, weights, at) => {
        const response = new IntegralResponse(c, weights)
        const [time, h] = [at * weights.until, 1e-3]
        const effectAt = (t: number) => {
          response.at(t)
          return response.effect
        }
        const quotient = (step: number) => (effectAt(time + step) - effectAt(time - step)) / (2 * step)
        const derivative = (4 * quotient(h) - quotient(2 * h)) / 3
        response.at(time)
        expect(Math.abs(response.shift - derivative)).toBeLessThan(1e-9 * (1 + Math.abs(derivative)))
      }),
      { numRuns: 200, seed: 9 },
    )
  })

  test('changes with the time constants by its own derivatives', () => {
    const apart = fc.oneof(arbitraryScale(0.2, 4), fc.constantFrom(1, 0.5, 2, 1 + 1e-9))
    fc.assert(
      fc.property(
        arbitraryScale(2, 50),
        apart,
        weighting(arbitraryScale(1, 200)),
        between(0, 0.98),
        (mem, ratio, weights, at) => {
          const time = at * weights.until
          const responseOf = (tauMem: number, tauSyn: number) => {
            const response = new IntegralResponse(deriveConstants(tauMem, tauSyn, tauSyn, 20), weights)
            response.at(time)
            return response
          }
          const derivative = (f: (factor: number) => number, tau: number) => {
            const quotient = (h: number) => (f(1 + h) - f(1 - h)) / (2 * h * tau)
            return (4 * quotient(1e-3) - quotient(2e-3)) / 3
          }
          const syn = mem * ratio
          const response = responseOf(mem, syn)
          response.differentiate(time)
          const { effect, bias } = response
          const byMem = derivative((factor) => responseOf(mem * factor, syn).effect, mem)
          const bySyn = derivative((factor) => responseOf(mem, syn * factor).effect, syn)
          expect(Math.abs(response.byMem - byMem)).toBeLessThan((1e-9 * effect) / mem)
          expect(Math.abs(response.bySyn - bySyn)).toBeLessThan((1e-9 * effect) / syn)
          const biasByMem = derivative((factor) => responseOf(mem * factor, syn).bias, mem)
          expect(Math.abs(response.biasByMem - biasByMem)).toBeLessThan((1e-9 * bias) / mem)
        },
      ),
      { numRuns: 200, seed: 11 },
    )
  })

  test('in a trial without an end is the limit of long ones', () => {
    fc.assert(
      fc.property(constants, arbitraryScale(1, 300), between(0, 50), (c, tau, time) => {
        const [endless, long] = [Infinity, 1e6].map((until) => new IntegralResponse(c, { tau, until }))
        for (const response of [endless!, long!]) {
          response.at(time)
          response.differentiate(time)
        }
        expectNear(endless!.effect, long!.effect, 1e-14)
        expectNear(endless!.shift, long!.shift, 1e-14)
        expectNear(endless!.bias, long!.bias, 1e-14)
        expectNear(endless!.bySyn, long!.bySyn, 1e-12)
        expect(Math.abs(endless!.byMem - long!.byMem)).toBeLessThan((1e-12 * long!.effect) / c.tauMem)
        expectNear(endless!.biasByMem, long!.biasByMem, 1e-12)
      }),
      { numRuns: 100, seed: 10 },
    )
  })

  test('has the limits known by hand', () => {
    const near = (value: number) => expect.closeTo(value, 14)
    // ∫_0^1 u du, ∫_0^1 u e^{-u} du, ∫_0^1 (1 - e^{-u}) du, ∫_0^∞ e^{-u} (1 - e^{-u}) du.
    expect(risingIntegral(0, 0, 1)).toEqual(near(1 / 2))
    expect(risingIntegral(1, 0, 1)).toEqual(near(1 - 2 / Math.E))
    expect(risingIntegral(0, 1, 1)).toEqual(near(1 / Math.E))
    expect(risingIntegral(1, 1, Infinity)).toEqual(near(1 / 2))
    expect(risingIntegral(3, 0, 0)).toBe(0)
    // The charge of a synapse: an endless plain integral is tauSyn for any membrane.
    const response = new IntegralResponse(deriveConstants(20, 5, 5, 20), { tau: Infinity, until: 1e6 })
    response.at(3)
    expect(response.effect).toEqual(near(5))
    expect(Math.abs(response.shift)).toBe(0)
  })
})
