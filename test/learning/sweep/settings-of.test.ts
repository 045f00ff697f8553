import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSweep } from '../../../src/learning/sweep/read-sweep.js'
import { settingsOf } from '../../../src/learning/sweep/settings-of.js'

const settings = (sweep: object) => settingsOf(readSweep(JSON.stringify({ base: 'yin-yang', ...sweep })))
const valuesOf = (sweep: object, path: string) => settings(sweep).map(({ values }) => values[path] as number)

const RATE = 'training.optimizer.learningRate'
const drawn = (sampler: string, variation: object, runs = 64, seed = 0) => {
  return valuesOf({ sampler, runs, seed, vary: { [RATE]: variation } }, RATE)
}

describe('the settings of a grid', () => {
  test('are all combinations, the last path varying fastest', () => {
    const vary = { 'network.hidden': { values: [[3], [4]] }, 'training.batch': { values: [8, 16, 32] } }
    const all = settings({ sampler: 'grid', vary })
    expect(all.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(all.map(({ values }) => Object.values(values))).toEqual(
      [[3], [4]].flatMap((hidden) => [8, 16, 32].map((batch) => [hidden, batch])),
    )
  })

  test('are every combination once, whatever the numbers of values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), (counts) => {
        const vary = Object.fromEntries(
          counts.map((count, k) => [`data.x${k}`, { values: Array.from({ length: count }, (_, value) => value) }]),
        )
        const all = settings({ sampler: 'grid', vary }).map(({ values }) => Object.values(values).join())
        expect(new Set(all).size).toBe(counts.reduce((product, count) => product * count, 1))
        expect(all).toHaveLength(new Set(all).size)
      }),
    )
  })
})

describe.each(['random', 'sobol'])('settings by %s', (sampler) => {
  test('lie in their ranges, and meet both ends of integers', () => {
    for (const value of drawn(sampler, { uniform: [-2, 3] })) expect(Math.abs(value - 0.5)).toBeLessThanOrEqual(2.5)
    const logs = drawn(sampler, { logUniform: [1e-4, 1e-2] }, 256)
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(1e-4)
    expect(Math.max(...logs)).toBeLessThanOrEqual(1e-2)
    // As many below the geometric mean as above it.
    expect(logs.filter((value) => value < 1e-3).length).toBeGreaterThan(95)
    expect(logs.filter((value) => value > 1e-3).length).toBeGreaterThan(95)
    expect(new Set(drawn(sampler, { integer: [3, 6] }))).toEqual(new Set([3, 4, 5, 6]))
    expect(new Set(drawn(sampler, { values: ['a', 'b', 'c'] }))).toEqual(new Set(['a', 'b', 'c']))
  })

  test('are the same every time, other ones of another seed, and go on where fewer end', () => {
    const uniform = { uniform: [0, 1] }
    expect(drawn(sampler, uniform)).toEqual(drawn(sampler, uniform))
    expect(drawn(sampler, uniform, 8)).toEqual(drawn(sampler, uniform).slice(0, 8))
    expect(drawn(sampler, uniform, 8, 1)).not.toEqual(drawn(sampler, uniform, 8))
  })

  test('of one path do not depend on those beside it', () => {
    const alone = { 'data.x': { uniform: [0, 1] } }
    const beside = { ...alone, 'data.y': { uniform: [0, 1] } }
    const both = valuesOf({ sampler, runs: 8, vary: beside }, 'data.x')
    expect(both).toEqual(valuesOf({ sampler, runs: 8, vary: alone }, 'data.x'))
    expect(valuesOf({ sampler, runs: 8, vary: beside }, 'data.y')).not.toEqual(both)
  })
})

test('settings by sobol fill their ranges evenly', () => {
  const cells = drawn('sobol', { uniform: [0, 64] }).map(Math.floor)
  expect(new Set(cells).size).toBe(64)
})
