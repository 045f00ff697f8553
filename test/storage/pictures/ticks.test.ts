import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearTicks, logTicks } from '../../../src/storage/pictures/ticks.js'

const spans = fc
  .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
  .map(([from, length]) => ({ from, to: from + length }))

describe('linearTicks', () => {
  it('covers the span evenly with about as many ticks as asked for', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 4, max: 12 }), (span, count) => {
        const ticks = linearTicks(span, count)
        const step = ticks[1]! - ticks[0]!
        const slack = 1e-6 * step + 1e-9 * Math.max(Math.abs(span.from), Math.abs(span.to))
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(count / 2.5))
        expect(ticks.length).toBeLessThanOrEqual(count + 1)
        for (const [index, tick] of ticks.entries())
          expect(Math.abs(tick - ticks[0]! - index * step)).toBeLessThan(slack)
        expect(ticks[0]! - span.from).toBeGreaterThanOrEqual(-slack)
        expect(ticks[0]! - span.from).toBeLessThan(step + slack)
        expect(span.to - ticks.at(-1)!).toBeGreaterThanOrEqual(-slack)
        expect(span.to - ticks.at(-1)!).toBeLessThan(step + slack)
      }),
      { numRuns: 1000 },
    )
  })

  it('is made of round numbers', () => {
    expect(linearTicks({ from: 0, to: 60 }, 8)).toEqual([0, 10, 20, 30, 40, 50, 60])
    expect(linearTicks({ from: 0, to: 1 }, 10)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    expect(linearTicks({ from: -0.3, to: 0.25 }, 4)).toEqual([-0.2, 0, 0.2])
    expect(linearTicks({ from: 5, to: 5 }, 4)).toEqual([5])
    expect(linearTicks({ from: -0.003000000005, to: 0.004999999995 }, 4)).toEqual([-0.002, 0, 0.002, 0.004])
  })
})

describe('logTicks', () => {
  it('stays in the span and has a tick in every decade it covers', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        (low, width) => {
          const span = { from: 10 ** low, to: 10 ** (low + width) }
          const ticks = logTicks(span)
          expect(ticks.every((tick) => tick >= span.from * 0.999999 && tick <= span.to * 1.000001)).toBe(true)
          expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(width))
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b))
        },
      ),
    )
  })

  it('is made of 1, 2 and 5', () => {
    expect(logTicks({ from: 0.05, to: 1 })).toEqual([0.05, 0.1, 0.2, 0.5, 1])
    expect(logTicks({ from: 1e-6, to: 1 })).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1])
  })
})
