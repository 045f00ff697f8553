import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTrainsDataset } from '../../src/data/trains-dataset.js'

const UNITS = 4
const trial = fc
  .array(fc.record({ time: fc.integer({ min: 0, max: 5 }), unit: fc.nat({ max: UNITS - 1 }) }), { maxLength: 6 })
  .map((spikes) => spikes.sort((a, b) => a.time - b.time || a.unit - b.unit))
type Trial = { readonly time: number; readonly unit: number }[]

function given(trials: readonly Trial[]) {
  const ends = trials.map((_, index) => trials.slice(0, index + 1).flat().length)
  return {
    trains: {
      offsets: Uint32Array.of(0, ...ends),
      times: Float64Array.from(trials.flat(), ({ time }) => time),
      units: Uint32Array.from(trials.flat(), ({ unit }) => unit),
    },
    labels: Uint8Array.from(trials, (_, index) => index % 2),
    classes: 2,
    units: UNITS,
  }
}

describe('createTrainsDataset', () => {
  it('gives the trials of the samples asked for, empty ones too, in that order', () => {
    fc.assert(
      fc.property(fc.array(trial, { minLength: 1, maxLength: 5 }), fc.array(fc.nat()), (trials, picks) => {
        const dataset = createTrainsDataset(given(trials))
        expect(dataset.size).toBe(trials.length)
        expect(dataset.emptyTrials).toBe(trials.filter(({ length }) => length === 0).length)
        const samples = picks.map((pick) => pick % trials.length)
        const { input } = dataset.encode(Uint32Array.from(samples))
        expect(input).toEqual(given(samples.map((sample) => trials[sample] as Trial)).trains)
      }),
    )
  })

  const two = given([
    [{ time: 1, unit: 0 }],
    [
      { time: 2, unit: 1 },
      { time: 3, unit: 2 },
    ],
  ])
  const { trains } = two
  it.each([
    ['LABEL_OUT_OF_RANGE', 'labels[1]: found 2, expected an integer from 0 to 1', { labels: Uint8Array.of(0, 2) }],
    ['UNIT_OUT_OF_RANGE', 'trains.units[1]: found 4', { trains: { ...trains, units: Uint32Array.of(0, 4, 2) } }],
    ['NUMBER_NOT_FINITE', 'trains.times[0]: found NaN', { trains: { ...trains, times: Float64Array.of(NaN, 2, 3) } }],
    ['INPUT_TIME_NEGATIVE', 'trains.times[0]: found -1', { trains: { ...trains, times: Float64Array.of(-1, 2, 3) } }],
    [
      'INPUT_TIMES_UNSORTED',
      'trains.times[2]: found unit 2 at 1 after unit 1 at 2',
      { trains: { ...trains, times: Float64Array.of(0, 2, 1) } },
    ],
    [
      'INPUT_TIMES_UNSORTED',
      'trains.times[2]',
      { trains: { ...trains, times: Float64Array.of(0, 2, 2), units: Uint32Array.of(0, 3, 2) } },
    ],
    ['SHAPE_MISMATCH', 'trains.offsets: found 3, expected 2', { labels: Uint8Array.of(0) }],
    ['SHAPE_MISMATCH', 'trains.units: found 1, expected 3', { trains: { ...trains, units: Uint32Array.of(0) } }],
    [
      'SHAPE_MISMATCH',
      'trains.offsets[2]: found 0, expected at least 1',
      { trains: { ...trains, offsets: Uint32Array.of(0, 1, 0) } },
    ],
    [
      'SHAPE_MISMATCH',
      'trains.times: found 3, expected 2',
      { trains: { ...trains, offsets: Uint32Array.of(0, 1, 2) } },
    ],
  ])('refuses with %s: %s', (code, message, change) => {
    const create = () => createTrainsDataset({ ...two, ...change })
    expect(create).toThrow(message)
    expect(create).toThrow(expect.objectContaining({ code }))
  })
})
