import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEmitter, type EmittingValues } from '../../src/dynamics/emission/emitter.js'
import { firingStatistics } from '../../src/learning/firing-statistics.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson, regular } from '../../src/network/description/emitting-sources.js'
import type { SourceGroup } from '../../src/network/description/network.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { trainsOf } from './trains.js'

function emitted(drive: SourceGroup, until: number) {
  const [values] = instantiate(defineNetwork({ groups: { drive }, projections: [] }), 5).groups
  return createEmitter(values as EmittingValues, { seed: 5, trials: 2 }).emit(until)
}

describe('firingStatistics', () => {
  it('is cv 0 for a clock and near 1 for a Poisson process, at their rates', () => {
    const clock = firingStatistics(emitted(regular(3, { period: 12.5, start: 1 }), 1000), 3, 1000)
    expect(clock.rate).toBe(80)
    expect(clock.cv).toBeCloseTo(0, 12)
    const random = firingStatistics(emitted(poisson(200, { rate: 40 }), 5000), 200, 5000)
    expect(Math.abs(random.rate - 40)).toBeLessThan(5 * Math.sqrt(40 / (2 * 200 * 5)))
    expect(random.cv).toBeCloseTo(1, 1)
  })

  it('is the mean over neurons and trials of std / mean', () => {
    const train = (unit: number, times: readonly number[]) => times.map((time) => ({ time, unit }))
    const trains = trainsOf([
      [...train(0, [0, 1, 4]), ...train(1, [2, 9])],
      [...train(0, [5]), ...train(1, [1, 2, 3, 8])],
    ])
    const cvs = [1 / 2, Math.sqrt(32 / 9) / (7 / 3)]
    const { rate, cv } = firingStatistics(trains, 2, 10)
    expect(rate).toBe((1000 * 10) / (2 * 2 * 10))
    expect(cv).toBeCloseTo((cvs[0]! + cvs[1]!) / 2, 14)
  })

  it('has no cv without two intervals of one neuron', () => {
    expect(
      firingStatistics(
        trainsOf([
          [
            { time: 1, unit: 0 },
            { time: 2, unit: 0 },
          ],
        ]),
        4,
        10,
      ),
    ).toEqual({ rate: 50, cv: null })
    expect(firingStatistics(trainsOf([[]]), 4, 10)).toEqual({ rate: 0, cv: null })
  })

  it('is 0 for spikes at one instant', () => {
    const spike = { time: 3, unit: 0 }
    expect(firingStatistics(trainsOf([[spike, spike, spike]]), 1, 10).cv).toBe(0)
  })

  it('does not change when times are shifted or stretched, but for the rate', () => {
    const times = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 12 })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 64 }), (list, factor) => {
        const sorted = list.toSorted((a, b) => a - b)
        fc.pre(sorted.at(-1) !== sorted[0])
        const at = (map: (time: number) => number) =>
          firingStatistics(trainsOf([sorted.map((time) => ({ time: map(time), unit: 0 }))]), 1, 1e5)
        const plain = at((time) => time)
        const moved = at((time) => factor * time + 7)
        expect(moved.rate).toBe(plain.rate)
        expect(moved.cv).toBeCloseTo(plain.cv as number, 12)
      }),
    )
  })
})
