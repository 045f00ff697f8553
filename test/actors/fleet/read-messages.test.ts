import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readCoreWorkerReport,
  readEngaged,
  readOffer,
  readOrder,
  readOrderEpoch,
  readSealedSpec,
} from '../../../src/actors/fleet/read-messages.js'
import { InputError } from '../../../src/events/errors.js'
import { casesOf } from '../../support/cases-of.js'
import { clusterSpec } from '../../support/cluster-spec.js'
import { offer, TAKEN } from './offers.js'

const STAMP = { run: 'a', epoch: 3, start: 1 }
const SPEC = { ...clusterSpec(), cores: [{ core: 0, secret: 'ab' }], mostLinks: 4, links: 'direct', endSecret: 'cd' }
const END = { exitCode: null, signal: 'SIGKILL', lastWords: '' }

/** A message of each kind, and what reads it. */
const KINDS: Readonly<Record<string, { readonly good: object; readonly read: (value: unknown) => unknown }>> = {
  stamp: { good: STAMP, read: readOrderEpoch },
  offer: { good: offer('a', { taken: [TAKEN] }), read: readOffer },
  engage: { good: { type: 'engage', stamp: STAMP, session: 's', host: 0, sealed: 'x' }, read: readOrder },
  release: { good: { type: 'release', stamp: STAMP, host: 0, force: true }, read: readOrder },
  look: { good: { type: 'look', stamp: STAMP }, read: readOrder },
  engaged: { good: { door: { url: 'ws://a:1', security: null }, pid: 4 }, read: readEngaged },
  report: { good: { type: 'ended', stamp: STAMP, host: 0, secret: 'cd', end: END }, read: readCoreWorkerReport },
  spec: { good: SPEC, read: (value) => readSealedSpec(JSON.stringify(value)) },
}
const kinds = Object.entries(KINDS)
const someKind = fc.constantFrom(...kinds)

/** The value, or the mistake; whatever else is raised is passed on. */
function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error
  }
}

type Place = readonly [path: readonly string[], value: unknown]

function placesIn(value: unknown, path: readonly string[] = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return [[path, value], ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))]
}

function withAt(value: unknown, [name, ...rest]: readonly string[], put: unknown): unknown {
  if (name === undefined) return put
  const changed = structuredClone(value) as Record<string, unknown>
  const inner = withAt(changed[name], rest, put)
  if (inner === undefined && !Array.isArray(changed)) delete changed[name]
  else changed[name] = inner
  return changed
}

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)

describe('what comes over a rendezvous', () => {
  test.each(kinds)('is read as it was sent: %s', (_, { good, read }) => {
    expect(read(good)).toEqual(good)
  })

  test.each(kinds)('may say more than is known here: %s', (_, { good, read }) => {
    expect(read({ ...good, later: { version: 9 } })).toEqual(good)
  })

  test('is refused as a mistake whatever it is', () => {
    fc.assert(
      fc.property(someKind, fc.jsonValue(), ([, { read }], value) => {
        expect(outcome(() => read(value))).toBeInstanceOf(InputError)
      }),
      { numRuns: 500 },
    )
  })

  test('is refused, and the field named, where one field is missing or of another type', () => {
    const change = someKind.chain(([name, { good, read }]) =>
      fc.record({
        name: fc.constant(name),
        good: fc.constant(good),
        read: fc.constant(read),
        place: fc.constantFrom(...placesIn(good)),
        put: fc.oneof(fc.constant(undefined), fc.jsonValue()),
      }),
    )
    fc.assert(
      fc.property(change, ({ good, read, place: [path, was], put }) => {
        // Either of two is right there, or a list may have other entries.
        fc.pre(kindOf(put) !== kindOf(was) && was !== null && put !== null)
        fc.pre(path.length > 0 && !/^\d+$/.test(path.at(-1) ?? ''))
        const error = outcome(() => read(withAt(good, path, put)))
        expect(error).toBeInstanceOf(InputError)
        const field = path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')
        expect(field).toContain((error as InputError).mistake.field.replace(/^[a-z]+(\.sealed)?/, ''))
      }),
      { numRuns: casesOf({ short: 600, long: 5000 }) },
    )
  })

  test.each(kinds)('of one kind is none of any other: %s', (name, { good }) => {
    for (const [other, { read }] of kinds) {
      const isSame = other === name || [name, other].every((kind) => KINDS[kind]?.read === readOrder)
      if (!isSame)
        expect(
          outcome(() => read(good)),
          other,
        ).toBeInstanceOf(InputError)
    }
  })

  test.each([
    ['order', readOrder, { type: 'run', stamp: STAMP, host: 0 }, 'order.type'],
    ['report', readCoreWorkerReport, { type: 'begun', stamp: STAMP, host: 0, end: END }, 'report.type'],
    ['stamp', readOrderEpoch, { ...STAMP, start: 0 }, 'stamp.start'],
    ['stamp', readOrderEpoch, { ...STAMP, epoch: -1 }, 'stamp.epoch'],
    ['stamp', readOrderEpoch, { ...STAMP, epoch: 1.5 }, 'stamp.epoch'],
    ['reply', readEngaged, { door: { url: 'ws://a:1', security: 'none' }, pid: 4 }, 'reply.door.security'],
    ['reply', readEngaged, { door: { url: 'ws://a:1' }, pid: 4 }, 'reply.door.security'],
  ])('is refused out of its range: %s', (_, read, value, field) => {
    expect(outcome(() => read(value))).toMatchObject({ mistake: { field } })
  })
})

describe('a specification that was sealed', () => {
  test.each([
    ['threads', { threads: 0 }],
    ['threads', { threads: 1e6 }],
    ['seed', { seed: -1 }],
    ['kernel', { kernel: 'other' }],
    ['silence', { silence: 0 }],
    ['heartbeat', { heartbeat: 1e10 }],
    ['startLimit', { startLimit: 0.5 }],
    ['coordinatorSilence', { coordinatorSilence: 2e9 }],
    ['mostLinks', { mostLinks: 0 }],
    ['cores', { cores: [] }],
    ['cores', { cores: [...SPEC.cores, ...SPEC.cores] }],
    ['cores[0].core', { cores: [{ core: -1, secret: 'ab' }] }],
  ])('is refused where a field is out of range: %s', (field, part) => {
    const read = () => readSealedSpec(JSON.stringify({ ...SPEC, ...part }))
    expect(outcome(read)).toMatchObject({ mistake: { field: `order.sealed.${field}` } })
  })

  test('that is no JSON is refused without a word of what is in it', () => {
    const error = outcome(() => readSealedSpec('{"cores":[{"secret":"5ec4e7"')) as InputError
    expect(error.mistake).toMatchObject({ code: 'FIELD_TYPE', field: 'order.sealed' })
    expect(`${error.message} ${error.cause}`).not.toContain('5ec4e7')
  })
})

test('texts that are shown to people hold nothing that a terminal would obey', () => {
  const bad = '\u001b]0;mine\u0007'
  for (const part of [{ name: bad }, { machine: bad }, { id: 'x\ny' }, { name: 'a'.repeat(301) }])
    expect(() => readOffer(offer('a', part))).toThrow(InputError)
  expect(() => readOrderEpoch({ ...STAMP, run: bad })).toThrow(InputError)
  // What turns the direction of a text, or begins a line, without being a control character.
  for (const turned of ['a\u202eb', 'a\u200bb', 'a\u2028b', 'a\u2029b'])
    expect(() => readOffer(offer('a', { name: turned }))).toThrow(InputError)
  expect(readOffer(offer('a', { name: 'ä'.repeat(300) })).name).toBe('ä'.repeat(300))
  const report = { type: 'ended', stamp: STAMP, host: 0, secret: 'cd', end: { ...END, lastWords: `one\ntwo ${bad}` } }
  expect(readCoreWorkerReport(report).end.lastWords).toBe('one\ntwo ?]0;mine?')
})

test.each(['structure', 'placement'])('the %s of a sealed order is a hash', (field) => {
  for (const wrong of ['', '0F'.repeat(16), '0f'.repeat(15), 'xy'.repeat(16)])
    expect(() => readSealedSpec(JSON.stringify({ ...SPEC, [field]: wrong }))).toThrow(/32 hexadecimal digits/)
})
