import fc from 'fast-check'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import { unitSet } from '../../src/events/unit-set.js'
import type { Message, SpikesMessage } from '../../src/streams/message.js'
import { NAMES } from './link-fixture.js'

const u32 = fc.nat(0xffffffff)
/** Any bits, NaN with every payload among them. */
const double = fc.oneof(
  fc.double(),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => new Float64Array(bytes.slice().buffer)[0]!),
)
const doubles = fc.array(double, { maxLength: 20 }).map((values) => Float64Array.from(values))

const units = fc
  .record({ base: u32, range: fc.constantFrom(0, 255, 256, 65_535, 65_536, 0xffffffff) })
  .chain(({ base, range }) => {
    const low = Math.min(base, 0xffffffff - range)
    return fc.array(fc.oneof(fc.constantFrom(low, low + range), fc.integer({ min: low, max: low + range })), {
      maxLength: 30,
    })
  })

const stream = fc.nat(NAMES.length - 1)

const batch = (name: string): fc.Arbitrary<SpikeBatch> =>
  fc
    .record({
      units,
      cuts: fc.array(fc.nat(30), { maxLength: 9 }),
      sequence: u32,
      start: fc.double({ noNaN: true }),
      end: fc.double({ noNaN: true }),
    })
    .chain(({ units: numbers, cuts, sequence, start, end }) => {
      const ends = cuts.map((cut) => Math.min(cut, numbers.length)).sort((a, b) => a - b)
      const offsets = Uint32Array.from([0, ...ends, numbers.length])
      return fc.array(double, { minLength: numbers.length, maxLength: numbers.length }).map((times) => ({
        stream: name,
        sequence,
        window: { start: Math.min(start, end), end: Math.max(start, end) },
        offsets,
        times: Float64Array.from(times),
        units: Uint32Array.from(numbers),
      }))
    })

export const spikesMessage: fc.Arbitrary<SpikesMessage> = stream.chain((number) =>
  fc.record({
    kind: fc.constant('spikes' as const),
    stream: fc.constant(number),
    run: u32,
    batch: batch(NAMES[number]!),
  }),
)

const gradientsMessage: fc.Arbitrary<Message> = stream.chain((number) =>
  fc.record({
    kind: fc.constant('gradients' as const),
    stream: fc.constant(number),
    run: u32,
    batch: fc.record({ stream: fc.constant(NAMES[number]!), sequence: u32, values: doubles }),
  }),
)

const vectorMessage: fc.Arbitrary<Message> = fc.record({
  kind: fc.constant('vector' as const),
  stream: u32,
  run: u32,
  values: doubles,
})

const listenersMessage: fc.Arbitrary<Message> = stream.chain((number) =>
  fc.array(fc.boolean(), { maxLength: 40 }).map((heard) => ({
    kind: 'listeners',
    stream: number,
    heard: unitSet(heard.length, (unit) => heard[unit] === true),
  })),
)

const { value } = fc.letrec<{ value: unknown; list: unknown; record: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, Infinity, -Infinity, Number.NaN, -0, undefined),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('~', '~~', '~NaN', '~#0', '~undefined', '')),
    fc.oneof(fc.double(), fc.integer()),
    fc.oneof(
      doubles,
      fc.uint32Array({ maxLength: 5 }),
      fc.int32Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 9 }),
      fc.uint16Array({ maxLength: 9 }),
    ),
    tie('list'),
    tie('record'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.dictionary(
    fc
      .oneof(fc.string(), fc.constantFrom('constructor', 'toString', '~x', 'hasOwnProperty'))
      .filter((key) => key !== '__proto__'),
    tie('value').filter((entry) => entry !== undefined),
    { maxKeys: 4, noNullPrototype: true },
  ),
}))

/** What a coordinator may say. */
export const jsonLike = value

const valueMessage: fc.Arbitrary<Message> = fc.record({ kind: fc.constant('value' as const), value })

/** Messages of every kind, of the streams that the links under test know. */
export const message: fc.Arbitrary<Message> = fc.oneof(
  spikesMessage,
  gradientsMessage,
  vectorMessage,
  listenersMessage,
  valueMessage,
)

/** Everything about a message down to the bits of its doubles, as text: NaN payloads differ, -0 is not 0. */
export function fingerprint(thing: unknown): string {
  return JSON.stringify(thing, (_, field) => {
    if (field instanceof Float64Array) return { doubles: Array.from(new Uint32Array(field.slice().buffer)) }
    if (ArrayBuffer.isView(field)) return { [field.constructor.name]: Array.from(field as Uint8Array) }
    if (field === undefined) return '(undefined)'
    return typeof field === 'number' && (!Number.isFinite(field) || Object.is(field, -0))
      ? `(${Object.is(field, -0) ? '-0' : field})`
      : field
  })
}
