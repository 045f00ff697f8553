import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDataset } from '../../../src/data/user/create-dataset.js'
import { splitDataset } from '../../../src/data/user/split-dataset.js'
import type { InputError } from '../../../src/events/errors.js'
import type { Dataset } from '../../../src/learning/task.js'

/** Sample s spikes once, at s ms; every seventh does not. */
const datasetOf = (labels: readonly number[]) =>
  createDataset({
    trains: { input: labels.map((_, s) => (s % 7 === 6 ? { times: [], units: [] } : { times: [s], units: [0] })) },
    labels,
  })

/** Which samples of the whole a split has; those that do not spike are told by nothing. */
const timesOf = ({ size, encode }: Dataset) =>
  Array.from(encode(Uint32Array.from({ length: size }, (_, k) => k)).input?.times ?? [])

const labels = (size: number) => fc.array(fc.nat(4), { minLength: size, maxLength: 200 })

describe('a data set that is split', () => {
  test('gives every sample to one split, with its label and its spikes', () => {
    fc.assert(
      fc.property(labels(20), fc.nat(99), (given, seed) => {
        const dataset = datasetOf(given)
        const splits = Object.values(splitDataset(dataset, { seed }))
        expect(splits.flatMap(timesOf).sort((a, b) => a - b)).toEqual(timesOf(dataset))
        expect(splits.reduce((sum, { emptyTrials }) => sum + (emptyTrials as number), 0)).toBe(dataset.emptyTrials)
        for (const split of splits)
          for (let k = 0; k < split.size; k++) {
            const [time] = timesOf({ ...split, size: 1, encode: () => split.encode(Uint32Array.of(k)) })
            if (time !== undefined) expect(split.labels[k]).toBe(given[time])
          }
      }),
      { numRuns: 30 },
    )
  })

  test('has its shares, of every class, as nearly as there are samples', () => {
    const shares = { train: 0.5, validation: 0.25, test: 0.15 }
    fc.assert(
      fc.property(labels(40), fc.nat(99), (given, seed) => {
        const splits = splitDataset(datasetOf(given), { shares, seed })
        for (const name of ['train', 'validation', 'test'] as const) {
          expect(Math.abs(splits[name].size - shares[name] * given.length)).toBeLessThanOrEqual(2)
          for (let label = 0; label < 5; label++) {
            const wanted = shares[name] * given.filter((each) => each === label).length
            const found = splits[name].labels.filter((each) => each === label).length
            expect(Math.abs(found - wanted)).toBeLessThanOrEqual(3)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  test('asks for its samples by their numbers in the whole, in the draw that it is asked for', () => {
    const whole = datasetOf(Array.from({ length: 30 }, (_, k) => k % 3))
    const asked: (readonly [readonly number[], unknown])[] = []
    const { train } = splitDataset({
      ...whole,
      encode(samples, draw) {
        asked.push([Array.from(samples), draw])
        return whole.encode(samples, draw)
      },
    })
    asked.length = 0
    const draw = { seed: 3, epoch: 4 }
    train.encode(Uint32Array.of(2, 0), draw)
    train.encode(Uint32Array.of(0, 2))
    const [[first, drawn], [second, none]] = asked as [(typeof asked)[number], (typeof asked)[number]]
    expect(first).toEqual(second.toReversed())
    expect(first.map((sample) => whole.labels[sample])).toEqual([train.labels[2], train.labels[0]])
    expect([drawn, none]).toEqual([draw, undefined])
  })

  test('is a function of the seed', () => {
    const dataset = datasetOf(Array.from({ length: 60 }, (_, k) => k % 3))
    const split = (seed: number) => timesOf(splitDataset(dataset, { seed }).test)
    expect(split(1)).toEqual(split(1))
    expect(split(1)).not.toEqual(split(2))
  })

  test.each<[string, object, string, string]>([
    ['a split without samples', { shares: { train: 1, validation: 0, test: 0 } }, 'SPLIT_EMPTY', 'shares.validation'],
    [
      'more than all samples',
      { shares: { train: 0.8, validation: 0.2, test: 0.1 } },
      'OPTION_OUT_OF_RANGE',
      'options.shares',
    ],
  ])('%s is refused', (_, options, code, field) => {
    expect(() => splitDataset(datasetOf([0, 1, 0, 1]), options)).toThrow(
      expect.toSatisfy((error: InputError) => error.code === code && error.mistake.field === field),
    )
  })
})
