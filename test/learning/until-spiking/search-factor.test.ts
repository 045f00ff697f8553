import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { searchFactor } from '../../../src/learning/until-spiking/until-spiking.js'

describe('a factor with the wanted rate', () => {
  test('is 1 where the rate is right', () => {
    expect(searchFactor(1, [0.2, 2], () => 0.7)).toEqual({ found: { factor: 1, rate: 0.7 } })
  })

  test('is found wherever a rising rate passes through the range', () => {
    const scale = fc.double({ min: -12, max: 12, noNaN: true }).map((exponent) => 10 ** exponent)
    fc.assert(
      fc.property(scale, fc.double({ min: 0.1, max: 5, noNaN: true }), (unit, power) => {
        const rateAt = (factor: number) => (factor / unit) ** power
        const { found } = searchFactor(1, [0.9, 1], rateAt)
        expect(found?.rate).toBe(rateAt(found?.factor as number))
        expect(found?.rate).toBeGreaterThanOrEqual(0.9)
        expect(found?.rate).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('of a rate that jumps over the range there is none, but its neighbours on both sides', () => {
    const { found, ...ends } = searchFactor(1, [0.2, 2], (factor) => (factor < 5 ? 0 : 3))
    expect(found).toBeNull()
    const { below, above } = ends as { below: { factor: number }; above: { factor: number } }
    expect(below.factor).toBeLessThan(5)
    expect(above.factor).toBeGreaterThanOrEqual(5)
    expect(above.factor / below.factor).toBeLessThan(1 + 1e-6)
  })

  test.each([
    ['silent', 0, { below: { factor: 2 ** 40, rate: 0 }, above: null }],
    ['wild', 9, { below: null, above: { factor: 2 ** -40, rate: 9 } }],
  ])('of what stays %s there is none', (_, rate, ends) => {
    expect(searchFactor(1, [0.2, 2], () => rate)).toEqual({ found: null, ...ends })
  })
})
