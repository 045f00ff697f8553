import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEmitter, type EmittingValues } from '../../../src/dynamics/emission/emitter.js'
import { joinTrains } from '../../../src/events/join-trains.js'
import { noSpikes } from '../../../src/events/no-spikes.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { inhomogeneousPoisson, poisson, regular } from '../../../src/network/description/emitting-sources.js'
import { uniform } from '../../../src/network/description/initializers.js'
import type { SourceGroup } from '../../../src/network/description/network.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { exp } from '../../../src/numerics/exp.js'
import { createRandomStream, createRandomStreams } from '../../../src/numerics/random-stream.js'

const SEED = 11

/** The source `drive` of a network of it alone, or a slice of it. */
function valuesOf(drive: SourceGroup, slice = { start: 0, end: drive.size }): EmittingValues {
  const network = defineNetwork({ groups: { drive }, projections: [] })
  const [values] = instantiate(network, SEED, [{ group: 'drive', ...slice }]).groups
  return values as EmittingValues
}

function emitted(drive: SourceGroup, before: number, trials = 1): SpikeTrains {
  return createEmitter(valuesOf(drive), { seed: SEED, trials }).emit(before)
}

/** Times of one unit in one trial. */
function trainOf({ offsets, times, units }: SpikeTrains, unit: number, trial = 0): number[] {
  const train: number[] = []
  for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++)
    if (units[k] === unit) train.push(times[k] as number)
  return train
}

const DRIVES: readonly SourceGroup[] = [
  regular(70, { period: uniform(3, 9), start: 1 }),
  poisson(70, { rate: uniform(50, 400), start: 2, stop: 45 }),
  inhomogeneousPoisson(70, { times: [1, 20, 30], rates: [200, 0, 100], scale: uniform(0.5, 2) }),
]

describe('createEmitter', () => {
  it('emits at start + k · period, before stop', () => {
    const trains = emitted(regular(2, { period: [0.1, 30], start: 5, stop: 65 }), 1e9)
    expect(trainOf(trains, 0)).toEqual(Array.from({ length: 600 }, (_, k) => 5 + k * 0.1).filter((time) => time < 65))
    expect(trainOf(trains, 1)).toEqual([5, 35])
  })

  it('draws counts and times of an interval from the stream group/spikes/trial/unit, to the bit', () => {
    const trains = emitted(poisson(3, { rate: [100, 0, 300], start: 7, stop: 90 }), 100, 2)
    const stream = createRandomStream(SEED, 'drive/spikes/1/2')
    const [streams, hashed] = [createRandomStreams(SEED, 1, () => 'drive/spikes/1/2'), stream.uniformOpen(0)]
    // Intervals of 64 ms, in which 19.2 spikes are expected.
    const expected: number[] = []
    for (const interval of [0, 1]) {
      const chance = stream.uniformOpen(64 * interval)
      let [count, term, sum] = [0, exp(-19.2), exp(-19.2)]
      while (chance >= sum) {
        count++
        term = (term * 19.2) / count
        sum += term
      }
      const words = [0, 1, 2, 3].map((block) => [...streams.words(0, 64 * interval + block)] as number[])
      const places = [2, 3, 0, 1].flatMap((word) => words.map((block) => block[word] as number))
      const used = places.filter((_, k) => k !== 8 && k !== 12).slice(0, count)
      const more = [0, 1, 2, 3].flatMap((word) =>
        [4, 5, 6, 7].map((b) => streams.words(0, 64 * interval + b)[word] as number),
      )
      used.push(...more.slice(0, count - used.length))
      expected.push(...used.map((word) => 64 * interval + word * 2 ** -26))
    }
    const within = expected.filter((time) => time >= 7 && time < 90).sort((a, b) => a - b)
    expect(trainOf(trains, 2, 1)).toEqual(within)
    expect(within.length).toBeGreaterThan(10)
    expect(trainOf(trains, 1, 1)).toEqual([])
    expect(trainOf(trains, 2, 0)).not.toEqual(within)
    expect(hashed).toBe(streams.uniformOpen(0, 0))
  })

  it('has Poisson counts: their mean and their variance', () => {
    const [size, rate, until] = [4000, 50, 1000]
    const trains = emitted(poisson(size, { rate }), until)
    const counts = new Float64Array(size)
    for (const unit of trains.units) counts[unit] = (counts[unit] as number) + 1
    const mean = counts.reduce((sum, count) => sum + count, 0) / size
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / size
    // Five standard errors.
    expect(Math.abs(mean - 50)).toBeLessThan(5 * Math.sqrt(50 / size))
    expect(Math.abs(variance - 50)).toBeLessThan(5 * 50 * Math.sqrt(2 / size))
  })

  it('has independent exponential intervals', () => {
    const [size, rate] = [20, 500]
    const trains = emitted(poisson(size, { rate, start: 3 }), 2003)
    const shares = Array.from({ length: size }, (_, unit) => {
      const train = [3, ...trainOf(trains, unit)]
      return train.slice(1).map((time, k) => 1 - Math.exp((-rate * (time - (train[k] as number))) / 1000))
    })
    // Each interval is where it is expected among all: the shares are uniform (Kolmogorov), and do not follow each other.
    const sorted = shares.flat().sort((a, b) => a - b)
    const distance = Math.max(...sorted.map((share, i) => Math.abs(share - (i + 0.5) / sorted.length)))
    expect(distance * Math.sqrt(sorted.length)).toBeLessThan(1.95)
    const pairs = shares.flatMap((list) => list.slice(1).map((share, k) => (share - 0.5) * ((list[k] as number) - 0.5)))
    const correlation = (12 * pairs.reduce((sum, product) => sum + product, 0)) / pairs.length
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(pairs.length))
    expect(sorted.length).toBeGreaterThan(15_000)
  })

  it('follows a rate table: counts per step, none where the rate is 0 or before the first time', () => {
    const size = 3000
    const { times } = emitted(inhomogeneousPoisson(size, { times: [10, 20, 30, 50], rates: [100, 0, 400, 0] }), 1e6)
    const between = (from: number, to: number) => times.filter((time) => time >= from && time < to).length
    expect(between(0, 10) + between(20, 30) + between(50, Infinity)).toBe(0)
    expect(Math.abs(between(10, 20) - size)).toBeLessThan(5 * Math.sqrt(size))
    expect(Math.abs(between(30, 50) - 8 * size)).toBeLessThan(5 * Math.sqrt(8 * size))
    expect(between(10, 20) + between(30, 50)).toBe(times.length)
  })

  it('emits the same however time is cut into windows, and from a saved state', () => {
    const cuts = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom(...DRIVES), cuts, fc.nat(5), (drive, unsorted, saved) => {
        const values = valuesOf(drive)
        const origin = { seed: SEED, trials: 2 }
        let emitter = createEmitter(values, origin)
        const windows = [...unsorted.toSorted((a, b) => a - b), 60].map((end, k) => {
          if (k === saved) {
            const state = emitter.state()
            emitter = createEmitter(values, origin)
            emitter.resume(state)
          }
          return emitter.emit(end)
        })
        expect(joinTrains([noSpikes(2), ...windows]).trains).toEqual(createEmitter(values, origin).emit(60))
      }),
      { numRuns: 40 },
    )
  })

  it('emits the same in slices as whole, in event order', () => {
    for (const drive of DRIVES) {
      const whole = emitted(drive, 60, 2)
      const origin = { seed: SEED, trials: 2 }
      const parts = [valuesOf(drive, { start: 0, end: 32 }), valuesOf(drive, { start: 32, end: 70 })]
      const joined = joinTrains([noSpikes(2), ...parts.map((part) => createEmitter(part, origin).emit(60))]).trains
      expect(joined).toEqual(whole)
      expect(whole.times.length).toBeGreaterThan(500)
    }
  })

  it('refuses the state of another slice', () => {
    const drive = poisson(64, { rate: 10 })
    const origin = { seed: SEED, trials: 1 }
    const state = createEmitter(valuesOf(drive, { start: 0, end: 32 }), origin).state()
    expect(() => createEmitter(valuesOf(drive), origin).resume(state)).toThrow(/A state of 32 units/)
  })
})
