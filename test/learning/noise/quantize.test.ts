import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describedRange } from '../../../src/learning/noise/described-range.js'
import {
  delayLevels,
  nearestMultiple,
  quantizeDelay,
  quantizeSigned,
  signedLevels,
  weightCount,
} from '../../../src/learning/noise/quantize.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'

const finite = fc.double({ min: -10, max: 10, noNaN: true })

describe('quantised weights', () => {
  test.each([2, 3, 6, 8])('of %i bits have two levels less one, symmetric about 0', (bits) => {
    const levels = signedLevels(2 ** bits, 1.5)
    const found = new Set(Array.from({ length: 4001 }, (_, k) => quantizeSigned((k - 2000) / 1000, levels) + 0))
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
          const levels = signedLevels(2 ** bits, range)
          const found = quantizeSigned(w, levels)
          const inside = Math.min(range, Math.max(-range, w))
          expect(Math.abs(found - inside)).toBeLessThanOrEqual(0.5 * levels.step * (1 + 1e-9))
          expect(quantizeSigned(found, levels)).toBeCloseTo(found, 12)
          expect(quantizeSigned(-w, levels) + 0).toBe(0 - found)
        },
      ),
    )
  })

  test.each([
    { levels: 3, step: 1.5 },
    { levels: 127, step: 1.5 / 63 },
    { levels: 511, step: 1.5 / 255 },
    // One of an even number is left over.
    { levels: 512, step: 1.5 / 255 },
    { levels: 256, step: 1.5 / 127 },
  ])('of $levels levels are symmetric about 0', ({ levels, step }) => {
    expect(weightCount({ weightLevels: levels, weightBits: 2 })).toBe(levels)
    expect(signedLevels(levels, 1.5)).toEqual({ step, range: 1.5 })
  })

  test('of a projection whose weights are all 0 are 0', () => {
    expect(quantizeSigned(0.3, signedLevels(16, 0))).toBe(0)
  })

  test('have the range of their description unless one is given', () => {
    expect(describedRange(-3)).toBe(3)
    expect(describedRange([1, -2.5, 2])).toBe(2.5)
    expect(describedRange(uniform(-4, 1))).toBe(4)
    expect(describedRange(normal(-0.5, 0.25))).toBe(1.5)
  })
})

describe('quantised delays', () => {
  test('are multiples of the step up to the longest', () => {
    const levels = delayLevels({ delayStep: 0.3, delayMax: 1 })
    expect([0, 0.14, 0.16, 0.74, 0.76, 5].map((delay) => quantizeDelay(delay, levels))).toEqual(
      [0, 0, 1, 2, 3, 3].map((multiple) => 0.3 * multiple),
    )
    expect(quantizeDelay(0.123, delayLevels({}))).toBe(0.123)
    expect(quantizeDelay(7, delayLevels({ delayMax: 2 }))).toBe(2)
  })

  test('are raised to the shortest', () => {
    const ticks = delayLevels({ delayStep: 1, delayMin: 1, delayMax: 62 })
    expect([0, 0.2, 1.6, 70].map((delay) => quantizeDelay(delay, ticks))).toEqual([1, 1, 2, 62])
    expect(quantizeDelay(0, delayLevels({ delayStep: 0.5, delayMin: 0.7 }))).toBe(1)
    expect(quantizeDelay(0.1, delayLevels({ delayMin: 0.7 }))).toBe(0.7)
    const tenths = [3, 6, 7].map((ticks) => [ticks * 0.1, delayLevels({ delayStep: 0.1, delayMin: ticks * 0.1 }).min])
    for (const [shortest, least] of tenths) expect(least).toBe(shortest)
    // 3 * 0.1 is a rounding error above 0.3, and 0.3 / 0.1 one below 3.
    expect(quantizeDelay(5, delayLevels({ delayStep: 0.1, delayMax: 0.3 }))).toBe(3 * 0.1)
  })

  test('ties go away from 0', () => {
    expect(nearestMultiple(0.5, 1)).toBe(1)
    expect(nearestMultiple(-0.5, 1)).toBe(-1)
    expect(nearestMultiple(2.5, 1)).toBe(3)
  })
})
