import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { InputError } from '../../../src/events/errors.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { lif } from '../../../src/network/models/lif.js'
import { readList } from '../../../src/network/reading/read-list.js'
import { readPlain, readRecord } from '../../../src/network/reading/read-value.js'

class Settings {
  readonly seed = 3
  method(): void {}
}
class Getters {
  readonly own = 1
  get seed(): number {
    return 3
  }
}

const refusalOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as InputError).mistake
  }
  return null
}

describe('a record', () => {
  const records: readonly [string, object, 'plain' | 'own fields' | 'refused', string?][] = [
    ['a literal', { seed: 3 }, 'plain'],
    ['one without a prototype', Object.assign(Object.create(null), { seed: 3 }), 'plain'],
    ['one of another realm', runInNewContext('({ seed: 3 })'), 'plain'],
    ['one that is frozen', Object.freeze({ seed: 3 }), 'plain'],
    ['an instance with its own fields', new Settings(), 'own fields', 'a Settings'],
    ['a promise', Promise.resolve({ seed: 3 }), 'own fields', 'a Promise'],
    ['an instance with getters', new Getters(), 'refused', 'a Getters'],
    ['an heir', Object.create({ seed: 3 }), 'refused', 'an object with inherited fields'],
    ['an heir of an heir', Object.create(Object.create({ seed: 3 })), 'refused', 'an object with inherited fields'],
    [
      'an heir of one without a prototype',
      Object.create(runInNewContext('Object.assign(Object.create(null), { seed: 3 })')),
      'refused',
      'an object with inherited fields',
    ],
    ['a Map', new Map([['seed', 3]]), 'refused', 'a Map'],
    ['a Set', new Set(['seed']), 'refused', 'a Set'],
    ['an array of numbers', Float32Array.of(1, 2), 'refused', 'a Float32Array of 2'],
  ]

  test.each(records)('%s', (_, value, kind, found) => {
    const refused = { code: 'FIELD_TYPE', field: 'options', found, expected: 'a plain object, as { … } makes it' }
    expect(refusalOf(() => readPlain(value, 'options'))).toEqual(kind === 'plain' ? null : refused)
    expect(refusalOf(() => readRecord(value, 'options'))).toEqual(kind === 'refused' ? refused : null)
  })
})

test('an array of numbers where a list is expected is named, and how to make one of it', () => {
  expect(refusalOf(() => readList(Float32Array.of(1, 2), 'weights'))).toEqual({
    code: 'FIELD_TYPE',
    field: 'weights',
    found: 'a Float32Array of 2',
    expected: 'a list',
    remedy: 'Array.from makes one of it.',
  })
})

test('an array of numbers where one number, a list or a distribution is expected is named', () => {
  const tauMem = Float32Array.of(10, 20) as unknown as readonly number[]
  const group = lif(2, { tauMem, tauSyn: 5, threshold: 1 })
  expect(refusalOf(() => defineNetwork({ groups: { group }, projections: [] }))).toMatchObject({
    code: 'FIELD_TYPE',
    field: 'groups.group.tauMem',
    found: 'a Float32Array of 2',
    expected: expect.stringContaining('a list of 2, or a distribution'),
  })
})
