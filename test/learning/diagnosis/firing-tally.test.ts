import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFiringTally, saturationLimit } from '../../../src/learning/diagnosis/firing-tally.js'
import { trainsOf } from '../trains.js'

/** The last neuron is refractory so long that two spikes in 10 ms are many. */
const SLICE = { name: 'a', start: 32, size: 4, total: 40, refractory: [0, 0, 0, 3] }
const UNTIL = 10

/** Windows of a run; each a list of spikes per trial. */
const runs = fc.integer({ min: 1, max: 3 }).chain((trials) => {
  const spike = fc.record({
    time: fc.nat(9),
    unit: fc.integer({ min: SLICE.start, max: SLICE.start + SLICE.size - 1 }),
  })
  const window = fc.array(fc.array(spike, { maxLength: 60 }), { minLength: trials, maxLength: trials })
  return fc.record({ trials: fc.constant(trials), windows: fc.array(window, { maxLength: 3 }) })
})

test('counts the spikes of every neuron and trial, run by run, of all trials or one after the other', () => {
  fc.assert(
    fc.property(fc.array(runs, { minLength: 1, maxLength: 3 }), (list) => {
      const tally = createFiringTally(SLICE)
      const byTrial = createFiringTally(SLICE)
      for (const { trials, windows } of list) {
        for (const each of [tally, byTrial]) each.begin({ count: trials, until: UNTIL })
        for (const window of windows) {
          tally.add(trainsOf(window))
          window.forEach((spikes, trial) => {
            byTrial.add(trainsOf([spikes]), trial)
          })
        }
        const all = windows.flatMap((window) =>
          window.flatMap((spikes, trial) => spikes.map(({ unit }) => ({ trial, n: unit - SLICE.start }))),
        )
        const countOf = (trial: number, n: number) => all.filter((each) => each.trial === trial && each.n === n).length
        const pairs = Array.from({ length: trials * SLICE.size }, (_, pair) => {
          const n = pair % SLICE.size
          const count = countOf(Math.floor(pair / SLICE.size), n)
          expect(tally.countOf(Math.floor(pair / SLICE.size), n)).toBe(count)
          return { count, isMany: count > saturationLimit(UNTIL, SLICE.refractory[n]!) }
        })
        const fired = pairs.filter(({ count }) => count > 0).length
        const perNeuron = [0, 1, 2, 3].map((n) => all.filter((each) => each.n === n).length)
        expect(tally.firing()).toEqual({
          group: 'a',
          start: 32,
          spikes: Float64Array.from(perNeuron),
          pairs: pairs.length,
          silent: pairs.length - fired,
          saturated: pairs.filter(({ isMany }) => isMany).length,
        })
        const { group, count } = tally
        expect({ group, fired: tally.fired, count }).toEqual({ group: 'a', fired, count: all.length })
        expect(byTrial.firing()).toEqual(tally.firing())
      }
    }),
    { seed: 3 },
  )
})

test('many spikes are more than 20, or as many as fill half of the trial with refractory periods', () => {
  expect(saturationLimit(Number.POSITIVE_INFINITY, 0)).toBe(20)
  expect(saturationLimit(Number.POSITIVE_INFINITY, 5)).toBe(20)
  expect(saturationLimit(50, 5)).toBe(5)
  expect(saturationLimit(50, 0)).toBe(20)
  expect(saturationLimit(3, 5)).toBe(0)
})
