import fc from 'fast-check'
import { expect, test } from 'vitest'
import { selectSpikes } from '../../src/events/select-spikes.js'
import { trainsOf } from '../learning/trains.js'

const spike = fc.record({ time: fc.nat(5), unit: fc.nat(99) })
const trials = fc.array(fc.array(spike, { maxLength: 20 }), { minLength: 1, maxLength: 3 })

test('selected spikes stay in their trials and in order, and their places are known', () => {
  fc.assert(
    fc.property(trials, fc.nat(100), (spikes, border) => {
      const trains = trainsOf(spikes)
      const isSelected = (place: number) => trains.units[place]! < border
      const { trains: selected, places } = selectSpikes(trains, isSelected)
      expect([...places]).toEqual([...trains.times.keys()].filter(isSelected))
      expect(Array.from(places, (place) => trains.times[place])).toEqual([...selected.times])
      expect(Array.from(places, (place) => trains.units[place])).toEqual([...selected.units])
      const count = (trial: number) =>
        [...places].filter((place) => trains.offsets[trial]! <= place && place < trains.offsets[trial + 1]!).length
      expect(spikes.map((_, trial) => selected.offsets[trial + 1]! - selected.offsets[trial]!)).toEqual(
        spikes.map((_, trial) => count(trial)),
      )
    }),
    { numRuns: 60, seed: 3 },
  )
})
