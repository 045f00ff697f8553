import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InputError } from '../../../src/events/errors.js'
import { spikeTrains } from '../../../src/network/description/spike-trains.js'

const time = fc.integer({ min: 0, max: 4 }).map((each) => each / 2)
const trials = fc.array(fc.array(fc.array(time, { maxLength: 4 }), { maxLength: 4 }), { maxLength: 4 })

test('each unit of each trial has its times, in the order of time and unit', () => {
  fc.assert(
    fc.property(trials, (given) => {
      const { offsets, times, units } = spikeTrains(given)
      expect(offsets).toHaveLength(given.length + 1)
      for (const [trial, lists] of given.entries()) {
        const spikes = Array.from(times.subarray(offsets[trial], offsets[trial + 1]), (at, k) => ({
          at,
          unit: units[(offsets[trial] as number) + k] as number,
        }))
        expect(spikes).toEqual(spikes.toSorted((a, b) => a.at - b.at || a.unit - b.unit))
        const back = lists.map((_, unit) => spikes.filter((spike) => spike.unit === unit).map(({ at }) => at))
        expect(back).toEqual(lists.map((list) => list.toSorted((a, b) => a - b)))
        expect(spikes).toHaveLength(lists.flat().length)
      }
    }),
  )
})

test('one trial of typed arrays is written as it stands', () => {
  const { offsets, times, units } = spikeTrains([[Float64Array.of(3), [], [1, 3]]])
  expect([offsets, times, units]).toEqual([Uint32Array.of(0, 3), Float64Array.of(1, 3, 3), Uint32Array.of(2, 0, 2)])
})

test.each<[string, unknown, string, string]>([
  ['units without a trial around them', [[1], [4, 5]], 'FIELD_TYPE', 'trials[0][0]'],
  ['a text', [[['1']]], 'FIELD_TYPE', 'trials[0][0][0]'],
  ['a time before the trial', [[], [[1], [2, -3]]], 'INPUT_TIME_NEGATIVE', 'trials[1][1][1]'],
  ['a time that is no number', [[[Number.NaN]]], 'NUMBER_NOT_FINITE', 'trials[0][0][0]'],
  ['one object', { times: [1] }, 'FIELD_TYPE', 'trials'],
])('%s is refused with its place', (_, given, code, field) => {
  const refused = expect.objectContaining({ code, details: expect.objectContaining({ field }) })
  expect(() => spikeTrains(given as never)).toThrow(InputError)
  expect(() => spikeTrains(given as never)).toThrow(refused)
})
