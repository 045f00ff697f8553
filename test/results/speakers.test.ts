import { describe, expect, test } from 'vitest'
import { pairedBootstrap } from '../../scripts/results/speakers/paired-bootstrap.js'
import { accuraciesBy } from '../../scripts/results/speakers/speaker-accuracies.js'
import '../support/guard.js'

describe('a paired bootstrap', () => {
  test('is certain of a difference that every speaker has', () => {
    const { difference, interval } = pairedBootstrap([80, 90, 70], [79, 89, 69])
    expect([difference, ...interval]).toEqual([1, 1, 1])
  })

  test('depends on the pairs, not on how far speakers are apart', () => {
    const apart = pairedBootstrap([10, 50, 90, 100], [9, 48, 91, 98])
    const alike = pairedBootstrap([51, 52, 49, 52], [50, 50, 50, 50])
    expect(apart).toEqual(alike)
  })

  test('has the interval of the normal distribution where there are many', () => {
    // Alternately -1 and 1: the mean of n has a standard deviation of 1 / sqrt(n).
    const values = Array.from({ length: 400 }, (_, k) => (k % 2 === 0 ? 1 : -1))
    const { difference, interval } = pairedBootstrap(values, Array(400).fill(0))
    expect(difference).toBe(0)
    expect(interval[0]).toBeCloseTo(-1.96 / 20, 2)
    expect(interval[1]).toBeCloseTo(1.96 / 20, 2)
  })
})

test('accuracies are told by the values of a column, over all tables', async () => {
  const first = 'draw,sample,label,predicted,speaker\n0,0,1,1,24\n0,1,2,1,24\n0,2,2,2,25\n'
  const second = 'draw,sample,label,predicted,speaker\n0,0,1,1,24\n0,1,2,2,24\n0,2,2,-1,25\n'
  expect(await accuraciesBy('speaker', [first, second])).toEqual(
    new Map([
      ['24', 75],
      ['25', 50],
    ]),
  )
  await expect(accuraciesBy('accent', [first])).rejects.toThrow('column "accent"')
})
