import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layeredNetwork } from '../../../../src/data/layered/layered-network.js'
import { compactRecordings } from '../../../../src/data/recordings/compact-recordings.js'
import type { EventRecordings } from '../../../../src/data/recordings/event-recordings.js'
import { eventNotes, eventTask } from '../../../../src/data/recordings/task/event-task.js'
import type { EventTaskOptions } from '../../../../src/data/recordings/task/event-task-options.js'
import { OWN_TASK_DEFAULTS } from '../../../../src/data/user/user-network.js'
import type { Dataset } from '../../../../src/learning/task.js'

/** Of a few speakers, each of whom says every class twice. */
function spoken(
  shape: readonly number[],
  events: readonly (readonly [number, number])[],
  speakers = 5,
): EventRecordings {
  const recordings = Array.from({ length: speakers * 4 }, (_, k) => ({
    times: events.map(([time]) => time + k / 8),
    units: events.map(([, unit]) => unit),
    label: k % 2,
    groups: { speaker: 10 + Math.floor(k / 4), take: k },
  }))
  return compactRecordings(recordings, { shape })
}

const all = ({ size }: Dataset) => Uint32Array.from({ length: size }, (_, k) => k)
const pixels = fc
  .record({ p: fc.integer({ min: 1, max: 2 }), h: fc.integer({ min: 1, max: 5 }), w: fc.integer({ min: 1, max: 7 }) })
  .map(({ p, h, w }) => [p, h, w])
const shapes = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((channels) => [channels]),
  pixels,
)
const cases = shapes.chain((shape) => {
  const unit = fc.nat({ max: shape.reduce((a, b) => a * b, 1) - 1 })
  const events = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 80 }).map((half) => half / 2),
      unit,
    ),
    { maxLength: 40 },
  )
  return fc.record({ shape: fc.constant(shape), events })
})

describe('eventTask', () => {
  it('pools, keeps dead times and ends, as said event by event', () =>
    fc.assert(
      fc.property(
        cases,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(0, 1, 5),
        fc.integer({ min: 1, max: 50 }),
        ({ shape, events }, pool, deadTime, until) => {
          const recordings = spoken(shape, events)
          const { train, network } = eventTask(recordings, { pool, deadTime, until, weights: SOME, hidden: 2 })
          const [, h = 1, w = 1] = shape.length === 3 ? shape : [1, 1, ...shape]
          const [rows, columns] = [shape.length === 3 ? Math.ceil(h / pool) : 1, Math.ceil(w / pool)]
          const last = new Map<number, number>()
          const expected = events
            .map(([time, unit]) => {
              const [x, y, p] = [unit % w, Math.floor(unit / w) % h, Math.floor(unit / w / h)]
              return [time, (p * rows + Math.floor(y / pool)) * columns + Math.floor(x / pool)] as const
            })
            .sort(([a, one], [b, other]) => a - b || one - other)
            .filter(([time, input]) => {
              if (time >= until || time - (last.get(input) ?? -100) < deadTime) return false
              last.set(input, time)
              return true
            })
          const polarities = shape.length === 3 ? (shape[0] as number) : 1
          expect(network.groups[0]?.size).toBe(polarities * rows * columns)
          const found = trialOf(train, 0)
          expect(Array.from(found.times)).toEqual(expected.map(([time]) => time))
          expect(Array.from(found.units)).toEqual(expected.map(([, input]) => input))
        },
      ),
    ))

  it('augments as a function of seed, epoch and recording alone, and in training alone', () =>
    fc.assert(
      fc.property(cases, fc.nat(1000), fc.integer({ min: 1, max: 9 }), ({ shape, events }, seed, epoch) => {
        const recordings = spoken(shape, events)
        const pictures = shape.length === 3 ? { rotation: 0.7, zoom: 0.4, translation: 1.5 } : {}
        const augment = { shift: 2, drop: 0.3, tempo: 0.2, jitter: 1.5, ...pictures }
        const { train } = eventTask(recordings, { augment, weights: SOME })
        const draw = { seed, epoch }
        const whole = train.encode(all(train), draw)
        const other = eventTask(recordings, { augment, weights: SOME, split: { validation: 0.2, test: 0.1 } }).train
        for (const k of all(train)) {
          const own = train.encode(Uint32Array.of(k), draw).input
          const [start, end] = [whole.input?.offsets[k] as number, whole.input?.offsets[k + 1] as number]
          expect(own?.times).toEqual(whole.input?.times.slice(start, end))
          expect(own?.units).toEqual(whole.input?.units.slice(start, end))
        }
        // Whatever else is in the split.
        const [here, there] = [takeOf(recordings, train), takeOf(recordings, other)]
        const take = here.find((each) => there.includes(each)) as number
        const encoded = (set: Dataset, takes: readonly number[]) =>
          set.encode(Uint32Array.of(takes.indexOf(take)), draw).input
        expect(encoded(train, here)).toEqual(encoded(other, there))
        const plain = eventTask(recordings, { weights: SOME }).train
        expect(train.encode(all(train))).toEqual(plain.encode(all(train)))
      }),
      { numRuns: 30 },
    ))

  it('moves whole samples by at most the shift, drops its share, and changes times by tempo and jitter', () => {
    const events = Array.from({ length: 2000 }, (_, k) => [k / 2, 50 + (k % 10)] as const)
    const recordings = spoken([100], events, 2)
    const encode = (augment: EventTaskOptions['augment'], epoch = 1) => {
      const { train } = eventTask(recordings, { augment: augment ?? {}, weights: SOME, until: 5000 })
      return train.encode(Uint32Array.of(0), { seed: 1, epoch }).input as NonNullable<
        ReturnType<Dataset['encode']>[string]
      >
    }
    const plain = encode({})
    const moves = Array.from({ length: 60 }, (_, epoch) => {
      const { units } = encode({ shift: 7 }, epoch + 1)
      const by = (units[0] as number) - (plain.units[0] as number)
      expect(units.every((unit, k) => unit - (plain.units[k] as number) === by)).toBe(true)
      return by
    })
    expect([Math.min(...moves), Math.max(...moves)]).toEqual([-7, 7])
    const left = Array.from({ length: 30 }, (_, epoch) => encode({ shift: 90 }, epoch + 1).times.length)
    expect([Math.min(...left), Math.max(...left)]).toEqual([0, 2000])
    const kept = encode({ drop: 0.25 }).times.length / 2000
    expect(Math.abs(kept - 0.75)).toBeLessThan(0.05)
    const factors = Array.from({ length: 200 }, (_, epoch) => {
      const { times } = encode({ tempo: 0.2 }, epoch + 1)
      return (times[1999] as number) / (plain.times[1999] as number)
    })
    expect(Math.min(...factors)).toBeGreaterThan(0.8)
    expect(Math.min(...factors)).toBeLessThan(0.83)
    expect(Math.max(...factors)).toBeLessThan(1.2)
    expect(Math.max(...factors)).toBeGreaterThan(1.17)
    const shaken = encode({ jitter: 2 })
    expect(shaken.times.every((time, k) => time >= (shaken.times[k - 1] ?? 0))).toBe(true)
    expect(shaken.times).not.toEqual(plain.times)
    expect(encode({ drop: 1 }).times).toHaveLength(0)
  })

  it('splits by a group, by shares, or as the recordings say', () => {
    const recordings = spoken([3], [[1, 2]])
    const speakers = (set: Dataset) => new Set(takeOf(recordings, set).map((take) => 10 + Math.floor(take / 4)))
    const by = { split: { by: 'speaker', validation: [11], test: ['12', 14] } }
    const grouped = eventTask(recordings, by)
    expect([grouped.train, grouped.validation, grouped.test].map((set) => [...speakers(set)])).toEqual([
      [10, 13],
      [11],
      [12, 14],
    ])
    expect(eventNotes(recordings, by)).toEqual([])
    const chance = { split: { validation: 0.2, test: 0.3 } }
    const shared = eventTask(recordings, chance)
    expect([shared.train, shared.validation, shared.test].map(({ size }) => size)).toEqual([10, 4, 6])
    expect(eventNotes(recordings, chance)).toEqual([
      {
        code: 'GROUP_IN_SPLITS',
        message: expect.stringMatching(/^speaker 1\d has recordings in .* and .*: the test does not tell/),
      },
    ])
    const marked = compactRecordings(
      Array.from({ length: 8 }, (_, k) => {
        return { times: [k], units: [0], label: k % 2, groups: { split: k < 4 ? 'train' : 'test', speaker: k } }
      }),
      { shape: [1] },
    )
    const timesOf = (set: Dataset) => Array.from(set.encode(all(set)).input?.times ?? [])
    expect(timesOf(eventTask(marked, { split: { validation: 0.5 } }).test)).toEqual([4, 5, 6, 7])
    // As folders and files are called.
    const called = (groups: (k: number) => Record<string, string>) =>
      compactRecordings(
        Array.from({ length: 9 }, (_, k) => ({ times: [k], units: [0], label: k % 2, groups: groups(k) })),
        { shape: [1] },
      )
    const split = { validation: 0.5 }
    const folders = called((k) => ({ split: k === 8 ? 'none' : k < 4 ? 'Train' : 'Test' }))
    expect(timesOf(eventTask(folders, { split }).test)).toEqual([4, 5, 6, 7])
    expect(eventTask(folders, { split }).train.size + eventTask(folders, { split }).validation.size).toBe(4)
    const named = called((k) => ({ file: k < 4 ? 'shd_train.h5' : 'shd_test.h5' }))
    expect(timesOf(eventTask(named, { split }).test)).toEqual([4, 5, 6, 7, 8])
    const unnamed = called((k) => ({ file: k < 4 ? 'shd_train.h5' : 'contest.h5' }))
    expect(eventTask(unnamed).test.size).toBe(1)
    // Of one split alone they do not tell the others.
    for (const file of ['shd_train.h5', 'test.h5']) expect(eventTask(called(() => ({ file }))).test.size).toBe(1)
    expect(() => eventTask(called(() => ({ split: 'tset' })))).toThrow('groups.split[0]: found "tset", expected train,')
    expect(eventNotes(marked, { split: { validation: 0.5 } })).toEqual([])
    const both = eventTask(marked, { split: { by: 'speaker', validation: [1] } })
    expect([both.train, both.validation, both.test].map(timesOf)).toEqual([[0, 2, 3], [1], [4, 5, 6, 7]])
  })

  it('splits by a group, with validation by another one', () => {
    const recordings = compactRecordings(
      Array.from({ length: 12 }, (_, k) => {
        const groups = { speaker: k % 3, session: Math.floor(k / 6), split: 'train' }
        return { times: [k], units: [0], label: k % 2, groups }
      }),
      { shape: [1], classNames: ['odd', 'even'] },
    )
    const timesOf = (set: Dataset) => Array.from(set.encode(all(set)).input?.times ?? [])
    const split = { by: 'speaker', test: [2], validationBy: 'session', validation: [1] }
    const { train, validation, test } = eventTask(recordings, { split })
    expect([train, validation, test].map(timesOf)).toEqual([
      [0, 1, 3, 4],
      [6, 7, 9, 10],
      [2, 5, 8, 11],
    ])
    expect(train.classNames).toEqual(['odd', 'even'])
    const refused = (wrong: object) => () => eventTask(recordings, { split: { ...split, ...wrong } })
    expect(refused({ validationBy: 'sesion' })).toThrow('split.validationBy: found "sesion"')
    expect(refused({ validation: [2] })).toThrow('split.validation[0]: found 2, expected one of the values of session')
    // One value of one group cannot be for both, those of two groups can.
    expect(refused({ validationBy: 'speaker', validation: [2] })).toThrow(
      'split.test[0]: found 2, which is for validation',
    )
  })

  it('tells of classes that nothing is learned of, of times from elsewhere, and of one input alone', () => {
    const of = (label: number, speaker: number, start: number) => {
      return { times: [start, start + 20], units: [0, 2], label, groups: { speaker } }
    }
    const split = { by: 'speaker', validation: [1], test: [2] }
    const notes = (starts: readonly number[], options: EventTaskOptions = {}) => {
      const known = [of(0, 0, 0), of(1, 0, 0), of(1, 1, 0), of(0, 2, 0), of(2, 2, 0)]
      const recordings = [...starts.map((start) => of(0, 0, start)), ...known]
      const all = compactRecordings(recordings, { shape: [3], classNames: ['up', 'down', 'other'] })
      return eventNotes(all, { split, ...options })
    }
    const codes = (...given: Parameters<typeof notes>) => notes(...given).map(({ code }) => code)
    expect(notes([])).toEqual([
      { code: 'CLASS_UNTRAINED', message: expect.stringMatching(/^no training recording is of other, which/) },
    ])
    const unix = Array.from({ length: 9 }, (_, k) => 1.7e12 + 1000 * k)
    expect(codes(unix)).toEqual(['CLASS_UNTRAINED', 'TIMES_LATE'])
    expect(notes(unix)[1]?.message).toContain(
      'begin 1700000000000 ms or more after 0, and none lasts longer than 20 ms',
    )
    expect(codes([0, 900, 1.7e12])).toEqual(['CLASS_UNTRAINED'])
    expect(codes([], { pool: 3 })).toEqual(['CLASS_UNTRAINED', 'INPUT_SINGLE'])
    expect(codes([], { pool: 2 })).toEqual(['CLASS_UNTRAINED'])
  })

  it('refuses more units than there may be inputs before it makes room for them, and an end before all events', () => {
    const many = compactRecordings(
      Array.from({ length: 12 }, (_, k) => ({ times: [5], units: [2 ** 31 - 2], label: k % 2 })),
      { shape: [2 ** 31 - 1] },
    )
    expect(() => eventTask(many, { pool: 2 ** 30 })).toThrow(
      'recordings.shape: found [2147483647], of 2147483647 units, expected 16777216 units at most. Number units from 0',
    )
    const early = eventTask(spoken([3], [[7, 0]]), { until: 7 })
    expect(() => early.network).toThrow(
      'options.until: found 7 ms, before which none of 14 training recordings has an event, expected events to scale',
    )
  })

  it('counts recordings without a spike before the end, whose default is behind the last event', () => {
    const recordings = spoken([3], [[7, 0]])
    expect(eventTask(recordings).until).toBe(10)
    const { train, validation, test } = eventTask(recordings, { until: 8 })
    const empty = [train, validation, test].map(({ emptyTrials = 0 }) => emptyTrials).reduce((a, b) => a + b)
    expect(empty).toBe(12)
  })

  it('tells in its settings everything that the samples depend on', () => {
    const recordings = spoken([3], [[1, 2]])
    const split = { by: 'speaker', validation: [11], test: [12] }
    const { settings } = eventTask(recordings, { split, pool: 2, augment: { shift: 1 } })
    expect(settings).toEqual({
      data: recordings.digest,
      split: { by: 'speaker', validation: '[11]', test: '[12]' },
      ...{ pool: 2, deadTime: 0, until: 4 },
      augment: { blend: 0, shift: 1, rotation: 0, zoom: 0, translation: 0, drop: 0, tempo: 0, jitter: 0 },
    })
  })

  it('scales weights until neurons spike, unless they are given', () => {
    const recordings = spoken(
      [3],
      [
        [1, 0],
        [3, 1],
        [5, 2],
      ],
    )
    const given = eventTask(recordings, { weights: SOME }).network
    const settings = { ...OWN_TASK_DEFAULTS, weights: { ...OWN_TASK_DEFAULTS.weights, ...SOME } }
    expect(given).toEqual(layeredNetwork({ inputs: 3, outputs: 2 }, settings))
    expect(eventTask(recordings).network).not.toEqual(eventTask(recordings, { rate: [3, 4] }).network)
    // A drive says how weights are shared out, not how often inputs spike.
    const driven = (drive: number, rate?: 'asDrawn') =>
      eventTask(recordings, {
        weights: { input: { drive, spread: drive / 2 } },
        ...(rate === undefined ? {} : { rate }),
      }).network
    expect(driven(1 / 1024)).toEqual(driven(1 / 512))
    const drawn = { input: { drive: 1 / 512, spread: 1 / 1024 } }
    expect(driven(1 / 512, 'asDrawn')).toEqual(
      layeredNetwork({ inputs: 3, outputs: 2 }, { ...settings, weights: { ...settings.weights, ...drawn } }),
    )
    expect(() => eventTask(recordings, { rate: 'drawn' as 'asDrawn' })).toThrow(
      'rate: found "drawn", expected "asDrawn"',
    )
  })

  it('has a loss whose first value is about that of chance, in a readout without a dead class', () => {
    const { loss, until } = eventTask(spoken([3], [[1, 0]]), {})
    expect(loss).toEqual({ kind: 'liIntegral', group: 'output', tau: until, scale: expect.any(Number) })
    expect(eventTask(spoken([3], [[1, 0]]), { readout: 'lif' }).loss.kind).toBe('firstSpike')
  })

  it('names what is wrong with a split', () => {
    const recordings = spoken([3], [[1, 2]])
    const refusal = (split: object) => () => eventTask(recordings, { split: split as never })
    expect(refusal({ by: 'speakr', validation: [1] })).toThrow(
      'split.by: found "speakr", expected one of speaker, take. Did you mean "speaker"?',
    )
    expect(refusal({ by: 'speaker', validation: [11] })).toThrow('split.test: found nothing, expected those of speaker')
    expect(refusal({ by: 'speaker', validation: [11], test: [99] })).toThrow(
      'split.test[0]: found 99, expected one of the values of speaker: 10, 11, 12, 13, 14',
    )
    expect(refusal({ by: 'speaker', validation: [11], test: [11] })).toThrow(
      'split.test[0]: found 11, which is for validation, too',
    )
    expect(refusal({ by: 'speaker', validation: [10, 11, 12], test: [13, 14] })).toThrow(
      'split.train: found no recording of 20',
    )
    expect(refusal({ validation: 0.6, test: 0.4 })).toThrow('expected less than 1 together')
    expect(refusal({ by: 'speaker' })).toThrow('split.validation: found nothing')
    expect(refusal({ validaton: 0.1 })).toThrow(expect.objectContaining({ code: 'FIELD_UNKNOWN' }))
  })

  it('holds recordings of any maker to what they promise', () => {
    const recordings = spoken([3], [[1, 2]])
    const broken = (trial: object) => () => eventTask({ ...recordings, trial: () => trial as never })
    const [times, units] = [Float64Array.of(2, 1), Uint32Array.of(0, 1)]
    expect(broken({ times, units })).toThrow('recordings.trial(0).times[1]: found unit 1 at 1 after unit 0 at 2')
    expect(broken({ times: times.toSorted(), units: units.map(() => 3) })).toThrow(
      'found 3, expected an integer from 0 to 2',
    )
    expect(broken({ times: [], units })).toThrow(expect.objectContaining({ code: 'FIELD_TYPE' }))
    expect(() => eventTask({ ...recordings, labels: Uint8Array.of(0) })).toThrow('recordings.labels: found 1 values')
  })
})

const SOME = { input: { mean: 0.1, std: 0.1 } }

/** The numbers of the recordings of a split: recording k begins k / 8 ms later. */
function takeOf(recordings: EventRecordings, set: Dataset): readonly number[] {
  const first = recordings.trial(0).times[0]
  if (first === undefined) return Array.from(all(set))
  return Array.from(all(set), (k) => 8 * ((set.encode(Uint32Array.of(k)).input?.times[0] as number) - first))
}

/** The spikes of one sample of a split. */
function trialOf(set: Dataset, at: number) {
  const { times, units } = set.encode(Uint32Array.of(at)).input as NonNullable<ReturnType<Dataset['encode']>[string]>
  return { times, units }
}
