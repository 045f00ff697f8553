import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDataset, type DatasetOptions } from '../../../src/data/user/create-dataset.js'
import { splitDataset } from '../../../src/data/user/split-dataset.js'
import { InputError } from '../../../src/events/errors.js'

const trial = (...spikes: readonly (readonly [time: number, unit: number])[]) => ({
  times: spikes.map(([time]) => time),
  units: spikes.map(([, unit]) => unit),
})
/** Half of it is a split of two samples. */
const FOUR = createDataset({ trains: { input: [1, 2, 3, 4].map((time) => trial([time, 0])) }, labels: [0, 0, 0, 0] })
const all = (size: number) => Uint32Array.from({ length: size }, (_, k) => k)

describe('a data set of one’s own', () => {
  const dataset = createDataset({
    trains: { left: [trial([4, 1], [1, 0], [4, 0]), trial()], right: [trial([2, 6]), trial()] },
    labels: [2, 0],
  })

  test('has the spikes of each trial in order, by group', () => {
    expect(dataset.encode(Uint32Array.of(1, 0))).toEqual({
      left: { offsets: Uint32Array.of(0, 0, 3), times: Float64Array.of(1, 4, 4), units: Uint32Array.of(0, 0, 1) },
      right: { offsets: Uint32Array.of(0, 0, 1), times: Float64Array.of(2), units: Uint32Array.of(6) },
    })
    expect(dataset).toMatchObject({ size: 2, labels: Uint8Array.of(2, 0), emptyTrials: 1 })
  })

  test('calls a trial empty in which no group spikes', () => {
    const { emptyTrials } = createDataset({
      trains: { left: [trial([1, 0]), trial(), trial()], right: [trial(), trial([2, 0]), trial()] },
      labels: [0, 0, 0],
    })
    expect(emptyTrials).toBe(1)
  })

  test('counts classes and units, unless they are said', () => {
    expect(dataset).toMatchObject({ classes: 3, units: { left: 2, right: 7 } })
    const said = createDataset({ trains: { input: [trial([1, 0])] }, labels: [0], classes: 300, units: { input: 9 } })
    expect(said).toMatchObject({ classes: 300, units: { input: 9 }, labels: Uint16Array.of(0) })
  })

  test('is the same from a list of trials and from trains, in whatever order the spikes of a trial are', () => {
    const spikes = fc.array(fc.tuple(fc.double({ min: 0, max: 99, noNaN: true }), fc.nat(5)))
    fc.assert(
      fc.property(fc.array(spikes, { minLength: 1 }), (trials) => {
        const labels = trials.map(() => 0)
        const lists = createDataset({
          trains: { input: trials.map((each) => trial(...each)) },
          labels,
          units: { input: 6 },
        })
        const offsets = [0]
        for (const each of trials) offsets.push((offsets.at(-1) as number) + each.length)
        const flat = trials.flatMap((each) => each.toReversed())
        const trains = createDataset({
          trains: {
            input: {
              offsets: Uint32Array.from(offsets),
              times: Float64Array.from(flat, ([time]) => time),
              units: Uint32Array.from(flat, ([, unit]) => unit),
            },
          },
          ...{ labels: Uint8Array.from(labels), units: { input: 6 } },
        })
        expect(trains.encode(all(labels.length))).toEqual(lists.encode(all(labels.length)))
        expect(trains.digest).toBe(lists.digest)
      }),
    )
  })

  test('has another digest with another time, unit, label or group', () => {
    const digestOf = (group: string, time: number, unit: number, label: number) =>
      createDataset({ trains: { [group]: [trial([time, unit])] }, labels: [label], classes: 3, units: { [group]: 3 } })
        .digest
    const digests = [
      digestOf('a', 1, 0, 0),
      digestOf('b', 1, 0, 0),
      digestOf('a', 1 + 2 ** -52, 0, 0),
      digestOf('a', 1, 1, 0),
      digestOf('a', 1, 0, 1),
    ]
    expect(new Set(digests).size).toBe(5)
  })
})

describe('a data set that cannot be', () => {
  const good = { trains: { input: [trial([1, 0]), trial([2, 1])] }, labels: [0, 1] }
  const trains = (second: object) => ({ trains: { input: [trial([1, 0]), second] } })
  const flat = (change: object) => ({
    trains: {
      input: { offsets: Uint32Array.of(0, 1, 2), times: Float64Array.of(1, 2), units: Uint32Array.of(0, 1), ...change },
    },
  })

  test.each<[what: string, change: object, code: string, field: string]>([
    ['one trial less', { labels: [0, 1, 1] }, 'SHAPE_MISMATCH', 'trains.input'],
    ['no samples', { labels: [] }, 'DATASET_EMPTY', 'labels'],
    ['no groups', { trains: {} }, 'DATASET_EMPTY', 'trains'],
    ['holes for trials', { trains: { input: new Array(2) } }, 'FIELD_MISSING', 'trains.input[0]'],
    ['a unit less', trains({ times: [1, 2], units: [0] }), 'SHAPE_MISMATCH', 'trains.input[1].units'],
    ['a time before 0', trains(trial([1, 0], [-2, 0])), 'INPUT_TIME_NEGATIVE', 'trains.input[1].times[1]'],
    ['a time that is no number', trains(trial([Number.NaN, 0])), 'NUMBER_NOT_FINITE', 'trains.input[1].times[0]'],
    ['a time without end', trains(trial([Infinity, 0])), 'NUMBER_NOT_FINITE', 'trains.input[1].times[0]'],
    ['a text for a time', trains({ times: ['1'], units: [0] }), 'FIELD_TYPE', 'trains.input[1].times[0]'],
    ['half a unit', trains(trial([1, 0.5])), 'UNIT_OUT_OF_RANGE', 'trains.input[1].units[0]'],
    [
      'a unit too high',
      { ...trains(trial([1, 4])), units: { input: 4 } },
      'UNIT_OUT_OF_RANGE',
      'trains.input[1].units[0]',
    ],
    ['a misspelt list', trains({ time: [1], units: [0] }), 'FIELD_UNKNOWN', 'trains.input[1].time'],
    ['a label too high', { classes: 1 }, 'LABEL_OUT_OF_RANGE', 'labels[1]'],
    ['half a label', { labels: [0, 0.5] }, 'LABEL_OUT_OF_RANGE', 'labels[1]'],
    ['units of a group without spikes', { units: { inputs: 4 } }, 'FIELD_UNKNOWN', 'units.inputs'],
    ['offsets that fall', flat({ offsets: Uint32Array.of(0, 2, 1) }), 'SHAPE_MISMATCH', 'trains.input.offsets'],
    ['offsets that end early', flat({ offsets: Uint32Array.of(0, 1, 1) }), 'SHAPE_MISMATCH', 'trains.input.offsets'],
    [
      'a bad time among trains',
      flat({ times: Float64Array.of(1, -1) }),
      'INPUT_TIME_NEGATIVE',
      'trains.input.times[1]',
    ],
  ])('%s', (_, change, code, field) => {
    expect(() => createDataset({ ...good, ...change } as DatasetOptions)).toThrow(
      expect.toSatisfy((error) => error instanceof InputError && error.code === code && error.mistake.field === field),
    )
  })

  test.each<[samples: unknown, code: string, found: string]>([
    [Uint32Array.of(2), 'SAMPLE_OUT_OF_RANGE', 'sample 2'],
    [[0, -1], 'SAMPLE_OUT_OF_RANGE', 'sample -1'],
    [[Number.NaN], 'SAMPLE_OUT_OF_RANGE', 'sample NaN'],
    [[0.5], 'SAMPLE_OUT_OF_RANGE', 'sample 0.5'],
    [['1'], 'SAMPLE_OUT_OF_RANGE', 'sample "1"'],
    [Float64Array.of(-1), 'SAMPLE_OUT_OF_RANGE', 'sample -1'],
    [undefined, 'FIELD_MISSING', 'nothing'],
    [1, 'FIELD_TYPE', '1'],
    [new DataView(new ArrayBuffer(4)), 'FIELD_TYPE', 'a DataView'],
  ])('has no sample beyond its last, and none that is no number of one: %o', (samples, code, found) => {
    const given = samples as Uint32Array
    const refused = expect.toSatisfy((error: InputError) => error.code === code && error.mistake.found === found)
    expect(() => createDataset(good).encode(given)).toThrow(refused)
    expect(() =>
      splitDataset(FOUR, { shares: { train: 0.5, validation: 0.25, test: 0.25 } }).train.encode(given),
    ).toThrow(refused)
  })
})
