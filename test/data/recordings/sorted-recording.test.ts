import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortedRecording } from '../../../src/data/recordings/sorted-recording.js'

/** Spread, in bursts, at few times, or far apart. */
const time = fc.oneof(
  fc.double({ min: 0, max: 1000, noNaN: true }),
  fc.nat({ max: 3 }),
  fc.double({ min: 500, max: 500.001, noNaN: true }),
  fc.constantFrom(0, Number.MIN_VALUE, 1e-300, 1e300, Number.MAX_VALUE),
)
const events = fc.array(fc.tuple(time, fc.nat({ max: 5 })), { maxLength: 300, size: 'max' })

describe('sortedRecording', () => {
  it('has the events in the order of (time, unit)', () =>
    fc.assert(
      fc.property(events, (given) => {
        const found = sortedRecording({
          times: Float64Array.from(given, ([at]) => at),
          units: Uint32Array.from(given, ([, unit]) => unit),
        })
        const expected = given.toSorted(([a, one], [b, other]) => a - b || one - other)
        expect(Array.from(found.times, (at, k) => [at, found.units[k]])).toEqual(expected)
      }),
    ))

  it('sorts many at one time, and many in bursts', () => {
    const count = 5000
    for (const period of [1, 2, 7, 100, 4999]) {
      const times = Float64Array.from({ length: count }, (_, k) => ((k * 7919) % count) % period)
      const units = Uint32Array.from({ length: count }, (_, k) => (k * 104_729) % 997)
      const found = sortedRecording({ times, units })
      const order = Array.from({ length: count }, (_, k) => k).sort(
        (a, b) => (times[a] as number) - (times[b] as number) || (units[a] as number) - (units[b] as number),
      )
      expect(found.times).toEqual(Float64Array.from(order, (k) => times[k] as number))
      expect(found.units).toEqual(Uint32Array.from(order, (k) => units[k] as number))
    }
  })

  it('returns what is in order as it is', () => {
    const recording = { times: Float64Array.of(1, 1, 2), units: Uint32Array.of(0, 0, 0) }
    expect(sortedRecording(recording)).toBe(recording)
  })
})
