import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { InputError, RunError } from '../../src/events/errors.js'

test('a mistake whose file becomes known says the same, and what it came of', () => {
  const root = new SyntaxError('Unexpected end')
  const mistake = { code: 'A', field: 'groups[1]', found: '3', expected: 'less', remedy: 'Take less.', cause: root }
  const bare = new InputError(mistake)
  const placed = bare.inFile('net.json')
  expect(placed).toBeInstanceOf(InputError)
  expect(placed.message).toBe(`net.json: ${bare.message}`)
  expect(placed.details).toEqual({ ...bare.details, file: 'net.json' })
  expect(placed.cause).toBe(root)
})

test('an error that is printed tells each of its facts once', () => {
  const mistake = { code: 'A_CODE', field: 'groups[1]', found: 'three', expected: 'less', remedy: 'Take less.' }
  const reworded = new InputError({ ...mistake, field: '--groups', cause: new InputError(mistake).inFile('net.json') })
  const failed = new RunError({
    code: 'A_CODE',
    message: 'It found three.',
    details: { found: 'three' },
    remedy: 'Take less.',
  })
  for (const error of [reworded, failed]) {
    const lines = inspect(error)
    for (const fact of ['three', 'A_CODE', 'Take less.'])
      expect(lines.split(fact), `${fact} in ${lines}`).toHaveLength(2)
  }
  // They are there all the same.
  expect([reworded.details.found, reworded.mistake.remedy, failed.remedy]).toEqual([
    'three',
    'Take less.',
    'Take less.',
  ])
})
