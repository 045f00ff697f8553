import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveConstants } from '../../../src/dynamics/equations/derive-constants.js'
import {
  DECAY_EXC,
  DECAY_INH,
  DECAY_MEM,
  DECAY_MEM_M1,
  decayAdaptation,
  KAPPA_EXC,
  KAPPA_INH,
  PROPAGATOR_SIZE,
  propagate,
} from '../../../src/dynamics/equations/propagator.js'
import { rateDifference } from '../../../src/dynamics/equations/time-constants.js'
import { arbitraryScale, arbitraryTauBeside } from '../../support/arbitraries.js'
import { exact, Real } from '../../support/decimal.js'

const taus = arbitraryScale(1, 50).chain((mem) =>
  fc.tuple(fc.constant(mem), arbitraryTauBeside(mem), arbitraryTauBeside(mem)),
)

function kappa(d: number, tauSyn: number, tauMem: number): Real {
  const [time, syn, mem] = [exact(d), exact(tauSyn), exact(tauMem)]
  if (syn.eq(mem)) return time.div(mem).times(Real.exp(time.div(mem).neg()))
  const difference = Real.exp(time.div(syn).neg()).minus(Real.exp(time.div(mem).neg()))
  return syn.div(syn.minus(mem)).times(difference)
}

const decay = (d: number, tau: number) => Real.exp(exact(d).div(exact(tau)).neg())

/** Error in units of 2^-53, relative; d / tau is rounded before it goes into an exponential, which costs d / tau of them. */
function errorOf(value: number, expected: Real): number {
  return exact(value)
    .minus(expected)
    .abs()
    .div(expected.abs())
    .times(2 ** 53)
    .toNumber()
}

function factorsOf([mem, exc, inh]: readonly [number, number, number], d: number): Float64Array {
  const factors = new Float64Array(PROPAGATOR_SIZE)
  propagate(deriveConstants(mem, exc, inh, 30), d, factors)
  return factors
}

describe('the propagator', () => {
  test('is right to a few units in the last place, also for equal and nearly equal constants', () => {
    fc.assert(
      fc.property(taus, arbitraryScale(1e-9, 40), ([mem, exc, inh], d) => {
        const f = factorsOf([mem, exc, inh], d)
        const allowed = 12 + (4 * d) / Math.min(mem, exc, inh)
        expect(errorOf(f[DECAY_MEM]!, decay(d, mem))).toBeLessThan(allowed)
        expect(errorOf(f[DECAY_MEM_M1]!, decay(d, mem).minus(1))).toBeLessThan(allowed)
        expect(errorOf(f[DECAY_EXC]!, decay(d, exc))).toBeLessThan(allowed)
        expect(errorOf(f[DECAY_INH]!, decay(d, inh))).toBeLessThan(allowed)
        expect(errorOf(f[KAPPA_EXC]!, kappa(d, exc, mem))).toBeLessThan(allowed)
        expect(errorOf(f[KAPPA_INH]!, kappa(d, inh, mem))).toBeLessThan(allowed)
      }),
      { numRuns: 300, seed: 30 },
    )
  })

  test('has one current where both constants are the same', () => {
    const f = factorsOf([20, 5, 5], 3)
    expect([f[DECAY_INH], f[KAPPA_INH]]).toEqual([f[DECAY_EXC], f[KAPPA_EXC]])
  })

  test('at tauMem = 2 tauSyn is u - u²', () => {
    const f = factorsOf([20, 10, 40], 7)
    const u = Math.exp(-7 / 20)
    expect(f[KAPPA_EXC]).toBeCloseTo(u - u * u, 15)
    expect(f[KAPPA_INH]).toBeCloseTo(2 * (Math.exp(-7 / 40) - u), 15)
  })

  test('the adaptation decays with its own constant', () => {
    expect(errorOf(decayAdaptation(deriveConstants(20, 5, 5, 30), 12), decay(12, 30))).toBeLessThan(4)
  })
})

describe('the constants derived', () => {
  test('kappa is largest at its peak', () => {
    fc.assert(
      fc.property(taus, ([mem, exc, inh]) => {
        const constants = deriveConstants(mem, exc, inh, 30)
        const { peakTime, peakKappa } = constants
        expect(factorsOf([mem, exc, inh], peakTime)[KAPPA_EXC]).toBe(peakKappa)
        for (const factor of [0.5, 0.99, 1.01, 2])
          expect(factorsOf([mem, exc, inh], factor * peakTime)[KAPPA_EXC]).toBeLessThan(peakKappa)
      }),
      { numRuns: 300, seed: 31 },
    )
  })

  test('equal constants peak at their value', () => {
    expect(deriveConstants(8, 8, 8, 30)).toMatchObject({ peakTime: 8, split: false })
    expect(deriveConstants(8, 8, 8, 30).peakKappa).toBeCloseTo(1 / Math.E, 15)
  })

  test('the difference of two rates is exact where the constants are neighbours', () => {
    const [a, b] = [20, 20 * (1 + 2 ** -52)]
    const expected = exact(1)
      .div(exact(a))
      .minus(exact(1).div(exact(b)))
    expect(errorOf(rateDifference(a, b), expected)).toBeLessThan(4)
    expect(rateDifference(7, 7)).toBe(0)
  })
})
