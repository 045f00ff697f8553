import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearestMultiple, quantizeDelay, quantizeWeight, weightLevels } from '../../../src/hardware/noise/quantize.js'
import { describedWeightRange } from '../../../src/learning/noise/weight-range.js'
import { normal, uniform } from '../../../src/network/initializers.js'

const finite = fc.double({ min: -10, max: 10, noNaN: true })

describe('quantised weights', () => {
  test.each([2, 3, 6, 8])('of %i bits have two levels less one, symmetric about 0', (bits) => {
    const levels = weightLevels(bits, 1.5)
    const found = new Set(Array.from({ length: 4001 }, (_, k) => quantizeWeight((k - 2000) / 1000, levels) + 0))
    expect(found.size).toBe(2 ** bits - 1)
    expect(Math.max(...found)).toBeCloseTo(1.5, 12)
    for (const level of found) expect(found.has(0 - level)).toBe(true)
  })

  test('are the nearest level, and stay where they are when quantised again', () => {
    fc.assert(
      fc.property(
        finite,
        fc.integer({ min: 2, max: 12 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (w, bits, range) => {
          const levels = weightLevels(bits, range)
          const found = quantizeWeight(w, levels)
          const inside = Math.min(range, Math.max(-range, w))
          expect(Math.abs(found - inside)).toBeLessThanOrEqual(0.5 * levels.step * (1 + 1e-9))
          expect(quantizeWeight(found, levels)).toBeCloseTo(found, 12)
          expect(quantizeWeight(-w, levels) + 0).toBe(0 - found)
        },
      ),
    )
  })

  test('of a projection whose weights are all 0 are 0', () => {
    expect(quantizeWeight(0.3, weightLevels(4, 0))).toBe(0)
  })

  test('have the range of their description unless one is given', () => {
    expect(describedWeightRange({ weights: -3 })).toBe(3)
    expect(describedWeightRange({ weights: [1, -2.5, 2] })).toBe(2.5)
    expect(describedWeightRange({ weights: uniform(-4, 1) })).toBe(4)
    expect(describedWeightRange({ weights: normal(-0.5, 0.25) })).toBe(1.5)
  })
})

describe('quantised delays', () => {
  test('are multiples of the step up to the longest', () => {
    const levels = { step: 0.3, max: 1 }
    expect([0, 0.14, 0.16, 0.74, 0.76, 5].map((delay) => quantizeDelay(delay, levels))).toEqual(
      [0, 0, 1, 2, 3, 3].map((multiple) => 0.3 * multiple),
    )
    expect(quantizeDelay(0.123, { step: null, max: Infinity })).toBe(0.123)
    expect(quantizeDelay(7, { step: null, max: 2 })).toBe(2)
  })

  test('ties go away from 0', () => {
    expect(nearestMultiple(0.5, 1)).toBe(1)
    expect(nearestMultiple(-0.5, 1)).toBe(-1)
    expect(nearestMultiple(2.5, 1)).toBe(3)
  })
})
