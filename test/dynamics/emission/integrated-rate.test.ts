import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integratedRate } from '../../../src/dynamics/emission/integrated-rate.js'

describe('integratedRate', () => {
  const rate = integratedRate([10, 20, 30, 40], [100, 0, 200, 50])

  it('finds when so many spikes are expected', () => {
    expect(rate.timeOf(0.5)).toBe(15)
    expect(rate.timeOf(1)).toBe(30)
    expect(rate.timeOf(2)).toBe(35)
    expect(rate.timeOf(4)).toBe(60)
    expect(rate.timeOf(Infinity)).toBe(Infinity)
  })

  it('never comes to what a rate that has ended leaves out', () => {
    const ended = integratedRate([0, 5], [100, 0])
    expect(ended.timeOf(0.25)).toBe(2.5)
    expect(ended.timeOf(0.5)).toBe(Infinity)
    expect(ended.timeOf(0.75)).toBe(Infinity)
  })

  it('never falls, also where one step ends and the next begins', () => {
    const steps = fc.array(
      fc.record({
        length: fc.double({ min: 1e-3, max: 50, noNaN: true }),
        rate: fc.double({ min: 0, max: 900, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(steps, fc.nat(7), fc.integer({ min: -3, max: 3 }), (list, near, ulps) => {
        const times = list.map((_, j) => list.slice(0, j).reduce((sum, { length }) => sum + length, 0))
        const table = integratedRate(
          times,
          list.map((step) => step.rate),
        )
        const integral = list.slice(0, near + 1).reduce((sum, step) => sum + (step.rate * step.length) / 1000, 0)
        const at = Math.max(Number.MIN_VALUE, integral * (1 + ulps * 2 ** -52))
        expect(table.timeOf(at)).toBeGreaterThanOrEqual(table.timeOf(at * (1 - 2 ** -52)))
        expect(table.timeOf(at)).toBeLessThanOrEqual(table.timeOf(at * (1 + 2 ** -52)))
      }),
    )
  })
})
