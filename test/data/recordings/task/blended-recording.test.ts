import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blendedRecording } from '../../../../src/data/recordings/task/blended-recording.js'
import { createRandomStreams } from '../../../../src/numerics/random-stream.js'

type Event = readonly [time: number, unit: number]

const recordingOf = (events: readonly Event[]) => ({
  times: Float64Array.from(events, ([time]) => time),
  units: Uint32Array.from(events, ([, unit]) => unit),
})
const coinsOf = (seed: number) => createRandomStreams(seed, 1, () => 'coins')
const blended = (one: readonly Event[], other: readonly Event[], shape: readonly number[], seed = 1) => {
  const { times, units } = blendedRecording(recordingOf(one), recordingOf(other), shape, coinsOf(seed))
  return Array.from(times, (time, k): Event => [time, units[k] as number])
}
const SIZES = [[12], [1, 4, 5], [2, 3, 4]] as const
const cases = fc.constantFrom<readonly number[]>(...SIZES).chain((shape) => {
  const unit = fc.nat({ max: shape.reduce((a, b) => a * b, 1) - 1 })
  // Whose means are no sums of rounding errors.
  const time = fc.nat({ max: 4000 }).map((eighths) => eighths / 8)
  const events = fc.array(fc.tuple(time, unit), { maxLength: 60 })
  return fc.record({ shape: fc.constant(shape), one: events, other: events, seed: fc.nat() })
})

/** All events of both where they are when their centres are aligned; null for what is lost. */
function aligned(one: readonly Event[], other: readonly Event[], shape: readonly number[]): readonly (Event | null)[] {
  const [, h = 1, w = 1] = shape.length === 3 ? shape : [1, 1, ...shape]
  const coordinates = ([time, unit]: Event) => [time, unit % w, Math.floor(unit / w) % h] as const
  const mean = (events: readonly Event[], axis: 0 | 1 | 2) =>
    events.reduce((sum, event) => sum + coordinates(event)[axis], 0) / events.length
  const placed = (events: readonly Event[], rest: readonly Event[]) =>
    events.map((event): Event | null => {
      const half = ([0, 1, 2] as const).map(
        (axis) => (rest.length === 0 ? 0 : mean(rest, axis) - mean(events, axis)) / 2,
      )
      const [time, x, y] = coordinates(event).map(
        (value, k) => value + (k === 0 ? (half[0] as number) : Math.trunc(half[k] as number)),
      ) as [number, number, number]
      if (time < 0 || x < 0 || x >= w || y < 0 || y >= h) return null
      return [time, (Math.floor(event[1] / w / h) * h + y) * w + x]
    })
  return [...placed(one, other), ...placed(other, one)]
}

describe('blendedRecording', () => {
  it('keeps some of the events of both, where the centres are aligned', () =>
    fc.assert(
      fc.property(cases, ({ shape, one, other, seed }) => {
        const coins = coinsOf(seed)
        const expected = aligned(one, other, shape).filter((event, k) => {
          const bits = coins.words(0, Math.floor(k / 128))[Math.floor(k / 32) % 4] as number
          return event !== null && Math.floor(bits / 2 ** (k % 32)) % 2 === 1
        })
        const found = blended(one, other, shape, seed)
        expect(found.map(([, unit]) => unit)).toEqual(expected.map((event) => event?.[1]))
        for (const [k, [time]] of found.entries()) expect(time).toBeCloseTo(expected[k]?.[0] as number, 9)
      }),
    ))

  it('takes about half of each', () => {
    const one = Array.from({ length: 4000 }, (_, k): Event => [k, 3])
    const other = one.map(([time]): Event => [time, 7])
    const shares = Array.from({ length: 20 }, (_, seed) => {
      const found = blended(one, other, [11], seed)
      // Those of the other one begin where times begin again.
      const fromOne = found.findIndex(([time], k) => time < (found[k - 1]?.[0] ?? 0))
      expect(found.every(([, unit]) => unit === 5)).toBe(true)
      return [fromOne / 4000, (found.length - fromOne) / 4000]
    }).flat()
    // Standard deviation 0.008.
    for (const share of shares) expect(Math.abs(share - 0.5)).toBeLessThan(0.04)
  })

  it('loses what begins before 0 or leaves the channels', () => {
    const kept = new Set<string>()
    for (let seed = 0; seed < 60; seed++)
      for (const [time, unit] of blended(
        [
          [0, 0],
          [10, 8],
        ],
        [
          [0, 1],
          [2, 1],
        ],
        [9],
        seed,
      ))
        kept.add(`${time} ${unit}`)
    // Centres: 5 and 1 ms, channels 4 and 1: the one goes 2 ms and 1 channel down, the other one up.
    expect([...kept].sort()).toEqual(['2 2', '4 2', '8 7'])
  })

  it('leaves one without events, and what it is blended with, where they are', () => {
    const found = Array.from({ length: 20 }, (_, seed) => blended([], [[3, 1]], [4], seed)).flat()
    expect(new Set(found.map(String))).toEqual(new Set(['3,1']))
  })
})
