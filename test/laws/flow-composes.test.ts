import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveConstants } from '../../src/dynamics/equations/derive-constants.js'
import { Membrane } from '../../src/dynamics/equations/membrane.js'
import { PROPAGATOR_SIZE, propagate } from '../../src/dynamics/equations/propagator.js'
import { arbitraryScale } from '../support/arbitraries.js'
import { arbitraryMembrane, copyOf, sizeOf } from '../support/arbitrary-membrane.js'
import { casesOf } from '../support/cases-of.js'

const step = fc.oneof(arbitraryScale(1e-9, 300), fc.constant(0))
const ROUNDING = 32 * 2 ** -52

describe('the flow composes: D1 and then D2 is D1 + D2', () => {
  test('state, voltage and slope of a membrane', () => {
    fc.assert(
      fc.property(arbitraryMembrane(), step, step, (membrane, first, second) => {
        const once = copyOf(membrane)
        once.at(first + second)
        const half = copyOf(membrane)
        half.at(first)
        const then = new Membrane(half.constants)
        Object.assign(then, { bias: half.bias, threshold: half.threshold })
        Object.assign(then, { v: half.vAt, iExc: half.iExcAt, iInh: half.iInhAt, adaptation: half.adaptationAt })
        then.at(second)
        const tolerance = ROUNDING * sizeOf(membrane)
        for (const field of ['vAt', 'iExcAt', 'iInhAt', 'adaptationAt', 'excess'] as const)
          expect(Math.abs(then[field] - once[field])).toBeLessThanOrEqual(tolerance)
        const { tauMem, exc, inh, tauAdapt } = membrane.constants
        const fastest = Math.min(tauMem, exc.tauSyn, inh.tauSyn, tauAdapt)
        for (const field of ['vSlope', 'excessSlope'] as const)
          expect(Math.abs(then[field] - once[field])).toBeLessThanOrEqual((4 * tolerance) / fastest)
      }),
      { numRuns: casesOf({ short: 400, long: 2000 }), seed: 3, endOnFailure: true },
    )
  })

  test('no time is no change', () => {
    fc.assert(
      fc.property(arbitraryMembrane(), (membrane) => {
        membrane.at(0)
        const { vAt, iExcAt, iInhAt, adaptationAt } = membrane
        const { v, iExc, iInh, adaptation } = membrane
        expect([vAt, iExcAt, iInhAt, adaptationAt]).toEqual([v, iExc, iInh, adaptation])
      }),
      { numRuns: casesOf({ short: 75, long: 300 }), seed: 3, endOnFailure: true },
    )
  })

  test('endless time leaves the bias', () => {
    const factors = new Float64Array(PROPAGATOR_SIZE)
    propagate(deriveConstants(20, 5, 30, 100), Number.POSITIVE_INFINITY, factors)
    expect([...factors]).toEqual([0, -1, 0, 0, 0, 0])
  })
})
