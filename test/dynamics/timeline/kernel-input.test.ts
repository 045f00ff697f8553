import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inputLatency, lateBatch } from '../../../src/dynamics/timeline/kernel-input.js'
import { trainsOf } from '../../learning/trains.js'

const units = { start: 32, end: 35 }
const batch = (spikes: readonly { readonly time: number; readonly unit: number }[]) => {
  return { stream: 'in', sequence: 0, window: { start: 1, end: 6 }, ...trainsOf([spikes]) }
}

describe('a batch that is known late', () => {
  test('has its spikes later by the latencies of their units, in the order in which they were sent', () => {
    const latency = inputLatency(Float64Array.of(2, 0.5, 1))
    const sent = batch([
      { time: 1, unit: 32 },
      { time: 2, unit: 33 },
      { time: 5, unit: 34 },
    ])
    const late = lateBatch({ latency, units }, sent)
    expect([...late.times]).toEqual([3, 2.5, 6])
    expect(late.window).toEqual({ start: 1.5, end: 8 })
    expect(late).toMatchObject({ units: sent.units, offsets: sent.offsets })
    expect([...sent.times]).toEqual([1, 2, 5])
  })

  test('is known within its window, and what is added to both keeps it so', () => {
    const some = fc.double({ min: 0, max: 3, noNaN: true })
    const spike = fc.record({
      time: fc.double({ min: 1, max: 6, noNaN: true }),
      unit: fc.integer({ min: 32, max: 34 }),
    })
    fc.assert(
      fc.property(fc.tuple(some, some, some), fc.array(spike), some, (latencies, spikes, delay) => {
        const latency = inputLatency(Float64Array.from(latencies))
        const { times, window } = lateBatch({ latency, units }, batch(spikes))
        for (const time of times) {
          expect(time + delay).toBeGreaterThanOrEqual(window.start + delay)
          expect(time + delay).toBeLessThanOrEqual(window.end + delay)
        }
      }),
    )
  })

  test('is the batch itself where everything is known at once', () => {
    const sent = batch([{ time: 2, unit: 33 }])
    for (const none of [undefined, new Float64Array(3)])
      expect(lateBatch({ latency: inputLatency(none), units }, sent)).toBe(sent)
  })
})
