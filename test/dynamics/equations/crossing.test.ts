import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstCrossing, staysBelow, staysBelowFor } from '../../../src/dynamics/equations/crossing.js'
import { deriveConstants } from '../../../src/dynamics/equations/derive-constants.js'
import { Membrane } from '../../../src/dynamics/equations/membrane.js'
import { extremaOf, firstUpcrossing } from '../../../src/dynamics/equations/rolle.js'
import { between } from '../../support/arbitraries.js'
import { arbitraryMembrane, copyOf, sizeOf } from '../../support/arbitrary-membrane.js'
import { casesOf } from '../../support/cases-of.js'

const NEVER = Number.POSITIVE_INFINITY

function membrane(
  fields: Partial<Membrane>,
  [mem, exc, inh, adapt]: readonly [number, number, number, number] = [20, 10, 10, 30],
): Membrane {
  return Object.assign(new Membrane(deriveConstants(mem, exc, inh, adapt)), { threshold: 1, ...fields })
}

/** tauMem = 2 tauSyn: V = I (u - u²) with u = e^{-t / tauMem}. */
const closedForm = (current: number) => -20 * Math.log((1 + Math.sqrt(1 - 4 / current)) / 2)

describe('the first crossing', () => {
  test('agrees with the closed form at tauMem = 2 tauSyn', () => {
    fc.assert(
      fc.property(between(4.2, 40), (iExc) => {
        expect(Math.abs(firstCrossing(membrane({ iExc }), NEVER) - closedForm(iExc))).toBeLessThan(1e-13)
      }),
      { numRuns: casesOf({ short: 75, long: 300 }), seed: 32, endOnFailure: true },
    )
  })

  test('of bias alone: t = tauMem ln(bias / (bias - threshold))', () => {
    expect(firstCrossing(membrane({ bias: 1.5 }), NEVER)).toBeCloseTo(20 * Math.log(3), 13)
  })

  test('does not happen where V only comes ever closer to the threshold', () => {
    expect(firstCrossing(membrane({ bias: 1 }), NEVER)).toBe(NEVER)
    expect(firstCrossing(membrane({ bias: 1, v: -2, iExc: 0.5 }, [20, 5, 5, 30]), NEVER)).toBe(NEVER)
    expect(firstCrossing(membrane({ bias: 1, adaptation: 0.5 }, [20, 5, 5, 10]), NEVER)).toBe(NEVER)
    expect(firstCrossing(membrane({ bias: 1, v: 0.99, iExc: 0.5, iInh: -1 }, [20, 5, 8, 30]), NEVER)).toBe(NEVER)
    expect(firstCrossing(membrane({ bias: 1, v: 0.99, iExc: 0.5 }, [20, 5, 5, 30]), NEVER)).toBeLessThan(2)
  })

  test('of a threshold that falls onto a falling voltage', () => {
    // V = 3 e^{-t / 20}, theta = 1 + 3 e^{-t / 5}: with x = e^{-t / 20}, 3 x⁴ - 3 x + 1 = 0.
    const falling = membrane({ v: 3, adaptation: 3 }, [20, 10, 10, 5])
    const x = Math.exp(-firstCrossing(falling, NEVER) / 20)
    expect(Math.abs(3 * x ** 4 - 3 * x + 1)).toBeLessThan(1e-13)
    expect(x).toBeGreaterThan(0.8)
  })

  test('is found though it lasts a microsecond, and not found though V comes as near', () => {
    // V peaks at I / 4 where u = 1/2, and stays above 1 for 20 sqrt(I - 4) ms.
    const lift = (1e-3 / 20) ** 2
    const crossing = firstCrossing(membrane({ iExc: 4 + lift }), NEVER)
    expect(Math.abs(crossing - (20 * Math.LN2 - 5e-4))).toBeLessThan(2e-6)
    expect(firstCrossing(membrane({ iExc: 4 - lift }), NEVER)).toBe(NEVER)
  })

  test('is found behind an inhibitory current that hides it at first', () => {
    const split = membrane({ v: 0.9, iExc: 6, iInh: -9 }, [20, 30, 2, 30])
    const crossing = firstCrossing(split, NEVER)
    expect(crossing).toBeGreaterThan(1)
    split.at(crossing)
    expect(Math.abs(split.excess)).toBeLessThan(1e-15)
    split.at(crossing / 2)
    expect(split.excess).toBeLessThan(0)
  })

  test('the complete search and the quick one find the same', () => {
    let found = 0
    fc.assert(
      fc.property(arbitraryMembrane(), (m) => {
        const quick = firstCrossing(copyOf(m), NEVER)
        const complete = firstUpcrossing(copyOf(m))
        if (quick === NEVER || complete === NEVER) expect(complete).toBe(quick)
        else {
          m.at(quick)
          const tolerance = 1e-12 * quick + (64 * 2 ** -52 * sizeOf(m)) / Math.abs(m.excessSlope)
          expect(Math.abs(complete - quick)).toBeLessThanOrEqual(tolerance)
          found++
        }
      }),
      { numRuns: casesOf({ short: 200, long: 800 }), seed: 33, endOnFailure: true },
    )
    expect(found).toBeGreaterThan(casesOf({ short: 50, long: 200 }))
  })
})

describe('the sound bounds', () => {
  test('rule out what is plainly below', () => {
    expect(staysBelow(membrane({ iExc: 3.9 }))).toBe(true)
    expect(staysBelow(membrane({ iExc: 4.1 }))).toBe(false)
    expect(staysBelow(membrane({ v: 0.5, iExc: 0.9 }))).toBe(true)
    expect(staysBelow(membrane({ v: 0.5, iExc: 3.9, adaptation: 5 }))).toBe(false)
    expect(staysBelow(membrane({ v: 0.5, iExc: -50, bias: 0.99 }))).toBe(true)
    expect(staysBelow(membrane({ v: 1.5, adaptation: 1 }))).toBe(false)
  })

  test('over an interval look at the end of theta and the start of V', () => {
    const m = membrane({ v: 0.5, iExc: 4, adaptation: 1 })
    expect(staysBelowFor(m, 1, 0.24, 0.5)).toBe(true)
    expect(staysBelowFor(m, 1, 0.25, 0.5)).toBe(false)
    expect(staysBelowFor(membrane({ v: -1, bias: 0.9, iExc: 4 }), 1, 0.03, 0)).toBe(false)
  })
})

describe('extrema', () => {
  /** Sign changes of the slope of V - theta between neighbouring samples. */
  function turnsOf(m: Membrane, times: readonly number[]): readonly (readonly [number, number])[] {
    const signs = times.map((d) => {
      m.at(d)
      const noise = 1e-13 * sizeOf(m)
      return Math.abs(m.excessSlope) < noise ? 0 : Math.sign(m.excessSlope)
    })
    return times.flatMap((d, k) => (k > 0 && signs[k]! * signs[k - 1]! < 0 ? [[times[k - 1]!, d] as const] : []))
  }

  test('every change of direction has one, at most three, in order', () => {
    let [turns, several] = [0, 0]
    fc.assert(
      fc.property(arbitraryMembrane(), (m) => {
        const extrema = extremaOf(m)
        expect(extrema.length).toBeLessThanOrEqual(3)
        expect([...extrema].sort((a, b) => a - b)).toEqual(extrema)
        const times = Array.from({ length: 400 }, (_, k) => 1e-3 * 1.03 ** k)
        for (const [from, to] of turnsOf(m, times)) {
          expect(extrema.some((d) => d > from * (1 - 1e-9) && d < to * (1 + 1e-9))).toBe(true)
          turns++
        }
        if (extrema.length > 1) several++
      }),
      { numRuns: casesOf({ short: 150, long: 600 }), seed: 34, endOnFailure: true },
    )
    expect(turns).toBeGreaterThan(casesOf({ short: 75, long: 300 }))
    expect(several).toBeGreaterThan(casesOf({ short: 12, long: 50 }))
  })

  test('one current has its maximum in closed form', () => {
    // V = 8 (u - u²) is highest at u = 1/2.
    expect(extremaOf(membrane({ iExc: 8 }))[0]).toBeCloseTo(20 * Math.LN2, 13)
    expect(extremaOf(membrane({ v: 1 }))).toEqual([])
    expect(extremaOf(membrane({ v: 1, iExc: 0.5 }, [20, 20, 20, 30]))).toEqual([])
  })
})
