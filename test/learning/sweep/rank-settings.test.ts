import { describe, expect, test } from 'vitest'
import { promotedOf, rankSettings } from '../../../src/learning/sweep/rank-settings.js'

const ranked = (values: readonly (readonly (number | null)[])[], better: 'most' | 'least') =>
  rankSettings(new Map(values.map((each, setting) => [setting, each])), better)
const order = (...request: Parameters<typeof ranked>) => ranked(...request).map(({ setting }) => setting)

describe('settings are ranked', () => {
  test('by the mean over seeds, of which more or less is better', () => {
    const values = [
      [0.5, 0.7],
      [0.9, 0.1],
      [0.8, 0.6],
    ]
    expect(order(values, 'most')).toEqual([2, 0, 1])
    expect(order(values, 'least')).toEqual([1, 0, 2])
    expect(ranked(values, 'most')[1]?.objective).toMatchObject({ mean: 0.6, values: [0.5, 0.7] })
  })

  test('by index where they are equal, and last without an objective', () => {
    expect(order([[null, 1], [0.5], [0.9], [0.5], [null]], 'most')).toEqual([2, 1, 3, 0, 4])
    expect(order([[null, 1], [0.5], [0.9], [0.5], [null]], 'least')).toEqual([1, 3, 2, 0, 4])
    expect(ranked([[null, 1]], 'least')).toEqual([{ setting: 0, objective: null }])
  })
})

describe('promoted are', () => {
  const accuracies = [0.1, 0.9, 0.5, 0.8, 0.3, 0.7]
  const of = (values: readonly (number | null)[], keep: number) =>
    promotedOf(
      ranked(
        values.map((value) => [value]),
        'most',
      ),
      { keep },
    )

  test('a share of all, the best, by index', () => {
    expect(of(accuracies, 0.5)).toEqual([1, 3, 5])
    expect(of(accuracies, 1 / 3)).toEqual([1, 3])
  })

  test('one at least, and none that has failed', () => {
    expect(of(accuracies, 0.01)).toEqual([1])
    expect(of([null, null, 0.2, null], 0.9)).toEqual([2])
    expect(of([null, null], 0.9)).toEqual([])
  })
})
