import { expect, test } from 'vitest'
import { readBoolean } from '../../../src/network/reading/read-value.js'
import { optional, withDefault } from '../../../src/network/reading/read-variant.js'

test.each([
  ['an option with a default', withDefault(readBoolean, true), true],
  ['an option', optional(readBoolean), undefined],
] as const)('%s may be absent, but null is a value of the wrong kind', (_, reader, absent) => {
  expect(reader(undefined, 'whole')).toBe(absent)
  expect(reader(false, 'whole')).toBe(false)
  const refused = expect.objectContaining({ mistake: expect.objectContaining({ code: 'FIELD_TYPE', field: 'whole' }) })
  expect(() => reader(null, 'whole')).toThrow(refused)
})
