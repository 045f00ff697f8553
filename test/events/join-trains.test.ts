import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTrains } from '../../src/events/join-trains.js'
import { arbitrarySpikes, trainsOf } from '../learning/trains.js'
import { cutTrains } from '../support/cut-trains.js'
import { expectSameBits } from '../support/same-bits.js'

test('a train cut into windows joins to what it was, and every spike knows its place', () => {
  const trials = fc.array(arbitrarySpikes(4), { minLength: 1, maxLength: 4 })
  const cuts = fc
    .uniqueArray(fc.integer({ min: 1, max: 29 }), { maxLength: 6 })
    .map((list) => list.sort((a, b) => a - b))
  fc.assert(
    fc.property(trials, cuts, (spikes, edges) => {
      const whole = trainsOf(spikes)
      const windows = cutTrains(whole, edges, 31)
      const { trains, places } = joinTrains(windows)
      expectSameBits(trains, whole)
      windows.forEach((window, w) => {
        expect(Array.from(places[w]!, (place) => whole.times[place])).toEqual(Array.from(window.times))
      })
      expect(places.flatMap((place) => Array.from(place)).sort((a, b) => a - b)).toEqual(
        Array.from(whole.times, (_, k) => k),
      )
    }),
    { numRuns: 200, seed: 24 },
  )
})

test('within an instant the spikes of several batches are ordered by unit', () => {
  const { trains, places } = joinTrains([
    trainsOf([
      [
        { time: 1, unit: 3 },
        { time: 2, unit: 2 },
      ],
    ]),
    trainsOf([
      [
        { time: 2, unit: 0 },
        { time: 2, unit: 2 },
      ],
    ]),
  ])
  expect(Array.from(trains.units)).toEqual([3, 0, 2, 2])
  expect(places.map((place) => Array.from(place))).toEqual([
    [0, 2],
    [1, 3],
  ])
})

test('a single window is handed on, not copied', () => {
  const window = trainsOf([[], [{ time: 1, unit: 3 }], [{ time: 2, unit: 0 }]])
  const { trains, places } = joinTrains([window])
  expect(trains.times).toBe(window.times)
  expectSameBits(trains, window)
  expect(places).toEqual([Int32Array.of(0, 1)])
})

test('no windows are no spikes', () => {
  expect(joinTrains([]).trains).toEqual({
    offsets: Uint32Array.of(0),
    times: new Float64Array(0),
    units: new Uint32Array(0),
  })
})
