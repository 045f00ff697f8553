import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveConstants } from '../../../src/dynamics/equations/derive-constants.js'
import { DECAY_EXC, KAPPA_EXC, PROPAGATOR_SIZE, propagate } from '../../../src/dynamics/equations/propagator.js'
import {
  DECAY_EXC_BY_SYN,
  DECAY_INH_BY_SYN,
  DECAY_MEM_BY_MEM,
  KAPPA_EXC_BY_MEM,
  KAPPA_EXC_BY_SYN,
  KAPPA_INH_BY_MEM,
  KAPPA_INH_BY_SYN,
  propagateTaus,
  TAU_PROPAGATOR_SIZE,
} from '../../../src/dynamics/equations/tau-propagator.js'
import { arbitraryScale, arbitraryTauBeside } from '../../support/arbitraries.js'
import { exact, Real } from '../../support/decimal.js'

const taus = arbitraryScale(1, 50).chain((mem) =>
  fc.tuple(fc.constant(mem), arbitraryTauBeside(mem), arbitraryTauBeside(mem)),
)
const steps = arbitraryScale(1e-9, 40)

function derivativesOf([mem, exc, inh]: readonly [number, number, number], d: number) {
  const constants = deriveConstants(mem, exc, inh, 30)
  const factors = new Float64Array(PROPAGATOR_SIZE)
  const by = new Float64Array(TAU_PROPAGATOR_SIZE)
  propagate(constants, d, factors)
  propagateTaus(constants, d, factors, by)
  return { factors, by }
}

/** dkappa/dtauMem and dkappa/dtauSyn in closed form, and the two terms that cancel in the first. */
function closedForm(d: number, syn: number, mem: number) {
  const [time, s, m] = [exact(d), exact(syn), exact(mem)]
  const [decayS, decayM] = [Real.exp(time.div(s).neg()), Real.exp(time.div(m).neg())]
  if (s.eq(m)) {
    const half = time.times(time).div(2).div(m.pow(3)).times(decayM)
    const kappa = time.div(m).times(decayM)
    return { byMem: half.minus(kappa.div(m)), bySyn: half, scale: half.plus(kappa.div(m)) }
  }
  const c = s.div(s.minus(m))
  const kappa = c.times(decayS.minus(decayM))
  const byMem = c.minus(1).times(kappa).minus(c.times(time).div(m).times(decayM)).div(m)
  const bySyn = c.times(time.times(decayS).minus(m.times(kappa))).div(s.times(s))
  return { byMem, bySyn, scale: byMem.abs().plus(kappa.div(m)) }
}

/** In units of 2^-53 of a scale. */
function errorOf(value: number, expected: Real, scale: Real): number {
  return exact(value)
    .minus(expected)
    .abs()
    .div(scale)
    .times(2 ** 53)
    .toNumber()
}

describe('the derivatives of the propagator', () => {
  test('are right to a few units in the last place, also for equal and nearly equal constants', () => {
    fc.assert(
      fc.property(taus, steps, ([mem, exc, inh], d) => {
        const { by } = derivativesOf([mem, exc, inh], d)
        const allowed = 40 + (8 * d) / Math.min(mem, exc, inh)
        const decayed = (tau: number) => {
          const slope = exact(d).div(exact(tau).pow(2))
          return slope.times(Real.exp(exact(d).div(exact(tau)).neg()))
        }
        expect(errorOf(by[DECAY_MEM_BY_MEM]!, decayed(mem), decayed(mem))).toBeLessThan(allowed)
        expect(errorOf(by[DECAY_EXC_BY_SYN]!, decayed(exc), decayed(exc))).toBeLessThan(allowed)
        expect(errorOf(by[DECAY_INH_BY_SYN]!, decayed(inh), decayed(inh))).toBeLessThan(allowed)
        const [one, other] = [closedForm(d, exc, mem), closedForm(d, inh, mem)]
        expect(errorOf(by[KAPPA_EXC_BY_MEM]!, one.byMem, one.scale)).toBeLessThan(allowed)
        expect(errorOf(by[KAPPA_INH_BY_MEM]!, other.byMem, other.scale)).toBeLessThan(allowed)
        expect(errorOf(by[KAPPA_EXC_BY_SYN]!, one.bySyn, one.bySyn)).toBeLessThan(allowed)
        expect(errorOf(by[KAPPA_INH_BY_SYN]!, other.bySyn, other.bySyn)).toBeLessThan(allowed)
      }),
      { numRuns: 200, seed: 32 },
    )
  })

  test('leave kappa as it is when all times are scaled', () => {
    fc.assert(
      fc.property(taus, steps, ([mem, exc, inh], d) => {
        const { factors, by } = derivativesOf([mem, exc, inh], d)
        const kappa = factors[KAPPA_EXC]!
        const byStep = (factors[DECAY_EXC]! - kappa) / mem
        const terms = [d * byStep, mem * by[KAPPA_EXC_BY_MEM]!, exc * by[KAPPA_EXC_BY_SYN]!]
        const scale = terms.reduce((sum, term) => sum + Math.abs(term), 0)
        expect(Math.abs(terms.reduce((sum, term) => sum + term, 0))).toBeLessThanOrEqual(1e-13 * scale)
      }),
      { numRuns: 300, seed: 33 },
    )
  })
})
