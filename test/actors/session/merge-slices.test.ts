import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sliceOfRows } from '../../../src/actors/group/row-slices.js'
import { mergeMaxima, mergeTrains } from '../../../src/actors/session/merge-slices.js'
import { selectSpikes } from '../../../src/events/select-spikes.js'
import { trainsOf } from '../../learning/trains.js'

const SIZE = 100

/** Slices of a group of 100 units. */
const slices = fc.uniqueArray(fc.constantFrom(32, 64, 96), { maxLength: 3 }).map((cuts) => {
  const edges = [0, ...cuts.sort((a, b) => a - b), SIZE]
  return edges.slice(1).map((end, core) => ({ group: 'g', start: edges[core]!, end, core }))
})

test('spikes that are cut by units and merged again are the same', () => {
  const spike = fc.record({ time: fc.nat(5), unit: fc.nat(SIZE - 1) })
  const trials = fc.array(fc.array(spike, { maxLength: 20 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(slices, trials, (list, spikes) => {
      const trains = trainsOf(spikes)
      const parts = list.map(({ start, end }) => {
        return selectSpikes(trains, (place) => start <= trains.units[place]! && trains.units[place]! < end).trains
      })
      expect(mergeTrains(spikes.length, parts)).toEqual(trains)
    }),
    { numRuns: 60, seed: 3 },
  )
})

test('maxima that are cut by units and merged again are the same', () => {
  fc.assert(
    fc.property(slices, fc.integer({ min: 1, max: 3 }), (list, trials) => {
      const rows = Float64Array.from({ length: trials * SIZE }, (_, k) => k / 7)
      const parts = list.map((slice) => ({
        slice,
        values: sliceOfRows(rows, SIZE, slice),
        times: sliceOfRows(rows.map(Math.sqrt), SIZE, slice),
      }))
      expect(mergeMaxima(trials, SIZE, parts)).toEqual({ values: rows, times: rows.map(Math.sqrt) })
    }),
    { numRuns: 20, seed: 3 },
  )
})
