import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compactRecordings,
  createRecordingsBuilder,
  type LabelledRecording,
} from '../../../src/data/recordings/compact-recordings.js'
import { createEventBlocks } from '../../../src/data/recordings/event-blocks.js'

const time = fc.oneof(
  fc.nat({ max: 4_000_000 }).map((us) => us / 1000),
  fc.nat({ max: 2000 }).map((half) => half / 2),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
)
const recording = (size: number): fc.Arbitrary<LabelledRecording> =>
  fc
    .tuple(fc.array(fc.tuple(time, fc.nat({ max: size - 1 })), { maxLength: 30 }), fc.nat({ max: 3 }))
    .map(([events, label]) => ({ times: events.map(([at]) => at), units: events.map(([, unit]) => unit), label }))
const sets = fc
  .constantFrom(1, 7, 65_536, 65_537, 2_000_000)
  .chain((size) => fc.tuple(fc.constant(size), fc.array(recording(size), { minLength: 1, maxLength: 8 })))

describe('compactRecordings', () => {
  it('gives back every event, in the order of (time, unit), without changing a time', () => {
    fc.assert(
      fc.property(sets, ([size, given]) => {
        const found = compactRecordings(given, { shape: [size] })
        expect(found.count).toBe(given.length)
        expect(Array.from(found.labels)).toEqual(given.map(({ label }) => label))
        for (const [k, { times, units }] of given.entries()) {
          const order = Array.from(times, (at, e) => [at, units[e] as number] as const)
          order.sort(([a, one], [b, other]) => a - b || one - other)
          expect(found.trial(k)).toEqual({
            times: Float64Array.from(order, ([at]) => at),
            units: Uint32Array.from(order, ([, unit]) => unit),
          })
        }
      }),
    )
  })

  it('has a digest that depends on everything in it, and on no order of events', () => {
    const given = [
      { times: [1, 2.5, 2.5], units: [0, 3, 1], label: 0, groups: { who: 'a' } },
      { times: [], units: [], label: 1, groups: { who: 'b' } },
    ] as const
    const digestOf = (change: (all: typeof given) => readonly LabelledRecording[], shape = [4], files = ['x']) =>
      compactRecordings(change(given), { shape, files }).digest
    const plain = digestOf((all) => all)
    expect(plain).toMatch(/^[0-9a-f]{64}$/)
    expect(digestOf(([a, b]) => [{ ...a, times: [2.5, 1, 2.5], units: [1, 0, 3] }, b], [4], ['y'])).toBe(plain)
    const others = [
      digestOf(([a, b]) => [b, a]),
      digestOf(([a, b]) => [{ ...a, times: [1, 2.5, 2.5000001] }, b]),
      digestOf(([a, b]) => [{ ...a, units: [0, 3, 2] }, b]),
      digestOf(([a, b]) => [a, { ...b, label: 2 }]),
      digestOf(([a, b]) => [a, { ...b, groups: { who: 'c' } }]),
      digestOf(([{ groups, ...a }, { groups: _, ...b }]) => [a, b]),
      digestOf((all) => all, [5]),
    ]
    expect(new Set([plain, ...others]).size).toBe(8)
  })

  it('takes 6 bytes an event of a device of µs or of 32 bits, and 10 at most below 65,536 units', () => {
    const bytesOf = (times: Float64Array) => {
      const blocks = createEventBlocks(700)
      blocks.add({ times, units: new Uint32Array(times.length) })
      return blocks.bytes() / times.length
    }
    const count = 100_000
    expect(bytesOf(Float64Array.from({ length: count }, (_, k) => k / 1000))).toBe(6)
    expect(bytesOf(Float64Array.from({ length: count }, (_, k) => Math.fround(k / 3)))).toBe(6)
    expect(bytesOf(Float64Array.from({ length: count }, (_, k) => k / 3))).toBe(10)
  })

  it('names recording, event and file of what cannot be', () => {
    const refusal =
      (recording: object, shape = [3]) =>
      () =>
        createRecordingsBuilder({ shape, classes: 2 }).add({ times: [1], units: [0], label: 0, ...recording }, 'a.bin')
    expect(refusal({ units: [3] })).toThrow('a.bin: recordings[0].units[0]: found 3, expected an integer from 0 to 2')
    expect(refusal({ times: [-1] })).toThrow('recordings[0].times[0]: found -1, expected a time from 0')
    expect(refusal({ times: [Number.NaN] })).toThrow(expect.objectContaining({ code: 'NUMBER_NOT_FINITE' }))
    expect(refusal({ times: [] })).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }))
    expect(refusal({ label: 2 })).toThrow(expect.objectContaining({ code: 'LABEL_OUT_OF_RANGE' }))
    expect(refusal({ groups: { who: true } })).toThrow('recordings[0].groups.who')
    expect(refusal({}, [2, 3])).toThrow('[channels], or [polarities, height, width]')
    expect(refusal({}, [2, 65_536, 65_536])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }))
    expect(() => createRecordingsBuilder({ shape: [1], classes: 2, classNames: ['a'] })).toThrow('2, one per class')
    expect(() => compactRecordings([], { shape: [1] })).toThrow(expect.objectContaining({ code: 'DATASET_EMPTY' }))
    const uneven = [
      { times: [], units: [], label: 0, groups: { who: 1 } },
      { times: [], units: [], label: 0 },
    ]
    expect(() => compactRecordings(uneven, { shape: [1] })).toThrow('recordings[1].groups.who: ')
  })
})
