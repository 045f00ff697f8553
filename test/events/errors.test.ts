import { expect, test } from 'vitest'
import { InputError } from '../../src/events/errors.js'

test('a mistake whose file becomes known says the same, and what it came of', () => {
  const root = new SyntaxError('Unexpected end')
  const mistake = { code: 'A', field: 'groups[1]', found: '3', expected: 'less', remedy: 'Take less.', cause: root }
  const bare = new InputError(mistake)
  const placed = bare.inFile('net.json')
  expect(placed).toBeInstanceOf(InputError)
  expect(placed.message).toBe(`net.json: ${bare.message}`)
  expect(placed.details).toEqual({ ...bare.details, file: 'net.json' })
  expect(placed.cause).toBe(bare)
  expect((placed.cause as InputError).cause).toBe(root)
})
