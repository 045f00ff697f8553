import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readField, writeFields } from '../../../../src/dynamics/kernels/wasm/fields.js'
import * as delayed from '../../../../src/dynamics/kernels/wasm/schema/delayed-records.js'
import { HEADER, HEADER_AT, HEADER_END } from '../../../../src/dynamics/kernels/wasm/schema/header.js'
import {
  alignedTo,
  arrayOf,
  bool,
  type Field,
  f64,
  i32,
  type Layout,
  lanes,
  layout,
  pair,
  pairOf,
  u32,
  u64,
  usize,
} from '../../../../src/dynamics/kernels/wasm/schema/layout.js'
import * as records from '../../../../src/dynamics/kernels/wasm/schema/records.js'
import { WINDOW_HEADER } from '../../../../src/dynamics/kernels/wasm/schema/window-header.js'
import * as windowRecords from '../../../../src/dynamics/kernels/wasm/schema/window-records.js'
import { TRAFFIC_CATEGORIES } from '../../../../src/dynamics/traffic/memory-traffic.js'
import { layoutsOf, schemaModules } from './schema-modules.js'

const WIDTHS = { f64: 8, u64: 8, i32: 4, u32: 4, usize: 4, bool: 4 }
const modules = await schemaModules()
const layouts = modules.flatMap(([, module]) => layoutsOf(module))

/** What is wrong with where a layout puts its fields. */
function faultsOf({ fields, numbers, size, align }: Layout): readonly string[] {
  const ends = fields.map(({ at, bytes }) => at + bytes)
  const places = [...numbers].map(([name, place]) => ({ name, ...place }))
  const isInside = (place: { readonly at: number; readonly kind: keyof typeof WIDTHS }) =>
    fields.some(({ at, bytes }) => at <= place.at && place.at + WIDTHS[place.kind] <= at + bytes)
  const sorted = places.toSorted((a, b) => a.at - b.at)
  return [
    ...fields.filter(({ at }, k) => at < (ends[k - 1] ?? 0)).map(({ name }) => `${name} overlaps`),
    ...fields.filter(({ at, align: own }) => at % own !== 0).map(({ name }) => `${name} is not aligned`),
    ...fields.filter(({ at, align: own }, k) => at >= (ends[k - 1] ?? 0) + own).map(({ name }) => `gap before ${name}`),
    ...places.filter(({ at, kind }) => at % WIDTHS[kind] !== 0).map(({ name }) => `number ${name} is not aligned`),
    ...places.filter((place) => !isInside(place)).map(({ name }) => `number ${name} is outside`),
    ...sorted.filter(({ at }, k) => at === sorted[k - 1]?.at).map(({ name }) => `number ${name} overlaps`),
    ...(size % align === 0 && size >= (ends.at(-1) ?? 0) ? [] : ['wrong size']),
  ]
}

describe('a layout', () => {
  const inner = layout({ a: f64, b: u32 })
  const field: fc.Arbitrary<Field> = fc.oneof(
    fc.constantFrom<Field>(f64, u64, i32, u32, usize, bool, pair, lanes),
    fc.tuple(fc.constantFrom(8, 16, 64), fc.constantFrom(f64, i32, pair, lanes)).map(([to, of]) => alignedTo(to, of)),
    fc.integer({ min: 1, max: 9 }).map((count) => arrayOf(inner, count)),
  )

  test('has fields that lie close, aligned, in order and apart, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(1, 32, 256),
        (fields, multipleOf) => {
          const named = Object.fromEntries(fields.map((one, k) => [`f${k}`, one]))
          const made = layout(named, { multipleOf })
          expect(faultsOf(made)).toEqual([])
          expect(made.size % multipleOf).toBe(0)
          expect(made.fields.map(({ name }) => name)).toEqual(Object.keys(named))
        },
      ),
    )
  })

  test('would not pass with a field at another place, or another size', () => {
    const good = layout({ a: i32, b: f64, c: pairOf('d', 'e') })
    const movedBy = (bytes: number) => ({
      ...good,
      fields: good.fields.map((f, k) => (k === 1 ? { ...f, at: f.at + bytes } : f)),
    })
    expect(faultsOf(good)).toEqual([])
    expect(faultsOf(movedBy(-8))).toContain('b overlaps')
    expect(faultsOf(movedBy(4))).toContain('b is not aligned')
    expect(faultsOf(movedBy(8))).toContain('gap before b')
    expect(faultsOf({ ...good, size: 24 })).toEqual(['wrong size'])
  })

  test('has numbers side by side where a field has two', () => {
    const { at, numbers } = layout({ a: i32, both: pairOf('one', 'other') })
    expect(at).toEqual({ a: 0, both: 16 })
    expect(Object.fromEntries(numbers)).toEqual({
      a: { at: 0, kind: 'i32' },
      one: { at: 16, kind: 'f64' },
      other: { at: 24, kind: 'f64' },
    })
  })
})

describe('every layout of the schema', () => {
  test.each(layouts)('%s has fields that lie close, aligned, in order and apart', (_, made) => {
    expect(faultsOf(made)).toEqual([])
  })

  test.each(layouts)('%s has a name of its own for every number', (_, { fields, numbers }) => {
    const counted = fields.map(({ kind, parts }) => (kind === null ? 0 : Math.max(1, parts.length)))
    expect(numbers.size).toBe(counted.reduce((sum, count) => sum + count, 0))
  })

  test('is as large as caches want it where passes go through many', () => {
    const { INSTANT, RECORD, TAU_FACTORS } = records
    const { SPIKE, SPIKE_INTERVAL } = delayed
    const sizes = [INSTANT, RECORD, TAU_FACTORS, SPIKE, SPIKE_INTERVAL, windowRecords.ENTRY].map(({ size }) => size)
    expect(sizes).toEqual([64, 32, 32, 32, 512, 32])
  })
})

describe('records that share memory', () => {
  test('fit where the others lie', () => {
    expect(delayed.SPIKE.size).toBeLessThanOrEqual(records.INSTANT.size)
    expect(delayed.SPIKE_INTERVAL_TAUS.size).toBeLessThanOrEqual(delayed.SPIKE_INTERVAL.size)
    expect(records.INSTANT.size % records.TAU_FACTORS.size).toBe(0)
    const { instant: _, ...shared } = records.PEAK.at
    expect(records.DELAYED_PEAK).toMatchObject({ size: records.PEAK.size, at: shared })
  })

  test('are moved whole by one vector where events are put in order', () => {
    expect(records.EVENT.size).toBe(16)
    expect(delayed.GRID.size).toBeGreaterThanOrEqual((delayed.BINS + 1) * (delayed.BIN.size + delayed.SPAN.size))
  })

  test('count traffic by the categories that it is told by', () => {
    expect(Object.keys(records.TRAFFIC.at)).toEqual([...TRAFFIC_CATEGORIES])
  })
})

test('the header is aligned where it lies, and regions per thread have a length that it knows', () => {
  expect(HEADER_AT % Math.max(HEADER.align, 64)).toBe(0)
  expect(HEADER_END).toBe(HEADER_AT + HEADER.size)
  const rooms = HEADER.fields.flatMap(({ perThread }) => (perThread === undefined ? [] : [perThread]))
  expect(rooms).toContain('eventRoom')
  for (const room of rooms)
    expect(typeof room === 'number' || HEADER.fields.some(({ name, kind }) => name === room && kind === 'usize')).toBe(
      true,
    )
})

describe('numbers of a record', () => {
  const buffer = new ArrayBuffer(4096)
  const views = { f64: new Float64Array(buffer), i32: new Int32Array(buffer) }
  const arbitraryOf = {
    f64: fc.double(),
    u64: fc.maxSafeNat(),
    i32: fc.integer(),
    u32: fc.nat(2 ** 32 - 1),
    usize: fc.nat(2 ** 32 - 1),
    bool: fc.constantFrom(0, 1),
  }

  test.each(layouts.filter(([, { size }]) => size < 2048))(
    'of %s are read as they were written, all at once',
    (_, made) => {
      const names = [...made.numbers.keys()]
      const values = fc.record(
        Object.fromEntries([...made.numbers].map(([name, { kind }]) => [name, arbitraryOf[kind]])),
      )
      fc.assert(
        fc.property(values, fc.constantFrom(0, 64, 1024), (fields, address) => {
          writeFields(views, made, address, fields)
          expect(names.map((name) => readField(views, made, address, name))).toEqual(names.map((name) => fields[name]))
        }),
      )
    },
  )

  test('are refused under names that no field has', () => {
    const fields: object = { neurons: 3, neuron: 3 }
    expect(() => writeFields(views, WINDOW_HEADER, 0, fields)).toThrow('"neuron"')
    expect(() => writeFields(views, windowRecords.POISSON_INPUT, 0, { constructor: 1 } as object)).toThrow(
      '"constructor"',
    )
    // @ts-expect-error
    expect(() => readField(views, HEADER, 0, 'neuron')).toThrow('"neuron"')
    // @ts-expect-error
    expect(() => writeFields(views, HEADER, 0, { neuron: 1 })).toThrow('"neuron"')
  })
})
