import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandomStream, createRandomStreams } from '../../src/numerics/random-stream.js'
import { SeedError } from '../../src/numerics/seed-error.js'

const COUNT = 20_000
const seed = fc.maxSafeNat()
const stream = createRandomStream(7, 'input->hidden/weights')
const draws = (draw: (index: number) => number) => Array.from({ length: COUNT }, (_, i) => draw(i))
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: number[]) => {
  const centre = mean(values)
  return mean(values.map((value) => (value - centre) ** 2))
}

/** The largest distance between the empirical distribution and the uniform one, times sqrt(n). */
function kolmogorov(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const distances = sorted.map((value, i) => Math.max(value - i / sorted.length, (i + 1) / sorted.length - value))
  return Math.max(...distances) * Math.sqrt(sorted.length)
}

function correlation(a: number[], b: number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  const products = a.map((value, i) => (value - meanA) * ((b[i] ?? 0) - meanB))
  return mean(products) / Math.sqrt(variance(a) * variance(b))
}

describe('createRandomStream', () => {
  it('gives values that depend on seed, name and index alone, in any order of asking', () => {
    fc.assert(
      fc.property(seed, fc.string({ unit: 'grapheme' }), fc.array(fc.maxSafeNat()), (s, name, indices) => {
        const first = createRandomStream(s, name)
        const second = createRandomStream(s, name)
        const forward = indices.map((index) => [first.uniform(index), first.normal(index)])
        const backward = indices.toReversed().map((index) => [second.uniform(index), second.normal(index)])
        expect(backward.toReversed()).toEqual(forward)
      }),
    )
  })

  it('gives other values for another seed, name or index', () => {
    fc.assert(
      fc.property(seed, fc.string(), fc.maxSafeNat(), fc.nat(52), (s, name, index, bit) => {
        const value = createRandomStream(s, name).uniform(index)
        const flip = (word: number) => Number(BigInt(word) ^ (1n << BigInt(bit)))
        expect(createRandomStream(flip(s), name).uniform(index)).not.toBe(value)
        expect(createRandomStream(s, name).uniform(flip(index))).not.toBe(value)
        expect(createRandomStream(s, `${name}x`).uniform(index)).not.toBe(value)
        expect(createRandomStream(s, `x${name}x`).uniform(index)).not.toBe(value)
      }),
    )
  })

  it('stays inside its intervals', () => {
    fc.assert(
      fc.property(seed, fc.maxSafeNat(), fc.integer({ min: 1, max: 2 ** 53 - 1 }), (s, index, bound) => {
        const random = createRandomStream(s, 'interval')
        const uniform = random.uniform(index)
        expect(uniform >= 0 && uniform < 1 && Number.isInteger(uniform * 2 ** 53)).toBe(true)
        const open = random.uniformOpen(index)
        expect(open > 0 && open < 1 && (open * 2 ** 53) % 2).toBe(1)
        const integer = random.integer(index, bound)
        expect(Number.isInteger(integer) && integer >= 0 && integer < bound).toBe(true)
      }),
    )
  })

  it('is uniform', () => {
    for (const values of [draws(stream.uniform), draws(stream.uniformOpen)]) {
      expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(0.007)
      expect(Math.abs(variance(values) - 1 / 12)).toBeLessThan(0.003)
      expect(kolmogorov(values)).toBeLessThan(1.63)
      expect(Math.abs(correlation(values.slice(1), values.slice(0, -1)))).toBeLessThan(0.025)
    }
  })

  it('is normal', () => {
    const values = draws(stream.normal)
    expect(Math.abs(mean(values))).toBeLessThan(0.025)
    expect(Math.abs(variance(values) - 1)).toBeLessThan(0.035)
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(0.25)
    expect(Math.max(...values)).toBeGreaterThan(3.5)
  })

  it('draws integers evenly', () => {
    const counts = new Array<number>(10).fill(0)
    for (const value of draws((i) => stream.integer(i, 10))) counts[value] = (counts[value] ?? 0) + 1
    const chiSquare = counts.reduce((sum, count) => sum + (count - COUNT / 10) ** 2 / (COUNT / 10), 0)
    expect(chiSquare).toBeLessThan(21.7)
  })

  it('is uncorrelated with its neighbours among seeds and names', () => {
    const values = draws(stream.uniform)
    const others = [createRandomStream(8, 'input->hidden/weights'), createRandomStream(7, 'input->hidden/delays')]
    for (const other of others) expect(Math.abs(correlation(values, draws(other.uniform)))).toBeLessThan(0.025)
  })

  it('keeps its values from release to release', () => {
    const random = createRandomStream(42, 'hidden->output/weights')
    expect([0, 1, 2 ** 40].map(random.uniform)).toEqual([0.4849406824187046, 0.3753072646737554, 0.690282614174815])
    expect([0, 1, 2 ** 40].map(random.normal)).toEqual([
      -0.037757069010210684, -0.31782915396719147, 0.4966515850902926,
    ])
    expect(createRandomStream(2 ** 53 - 1, 'Größe').uniform(2 ** 53 - 1)).toBe(0.6717327537881059)
  })

  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('refuses the seed %d', (invalid) => {
    expect(() => createRandomStream(invalid, 'name')).toThrow(SeedError)
    expect(() => createRandomStream(invalid, 'name')).toThrow(expect.objectContaining({ code: 'SEED_INVALID' }))
  })

  it('refuses an index or a bound out of range', () => {
    for (const index of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => stream.uniform(index)).toThrow(RangeError)
    for (const bound of [0, -3, 1.5, Number.NaN]) expect(() => stream.integer(0, bound)).toThrow(RangeError)
  })
})

describe('createRandomStreams', () => {
  it('has the numbers of the streams one by one', () => {
    fc.assert(
      fc.property(seed, fc.array(fc.string(), { minLength: 1 }), fc.nat(), fc.maxSafeNat(), (s, names, pick, index) => {
        const streams = createRandomStreams(s, names.length, (k) => names[k] ?? '')
        const k = pick % names.length
        expect(streams.uniformOpen(k, index)).toBe(createRandomStream(s, names[k] ?? '').uniformOpen(index))
      }),
    )
  })

  it('refuses a wrong seed', () => {
    expect(() => createRandomStreams(-1, 1, String)).toThrow(SeedError)
  })
})
