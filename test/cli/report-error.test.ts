import { expect, test } from 'vitest'
import { Interruption } from '../../src/cli/interrupted.js'
import { describeError, errorReport, errorText, exitCodeOf } from '../../src/cli/report-error.js'
import { InputError, InternalError, RunError } from '../../src/events/errors.js'
import { SeedError } from '../../src/numerics/seed-error.js'

const input = new InputError({ code: 'A_CODE', file: 'n.json', field: 'groups[1]', found: '1', expected: '2' })

test.each([
  [input, 2],
  [new SeedError(-1), 2],
  [new RunError({ code: 'RUNAWAY_NEURON', message: 'It ran away.' }), 1],
  [new InternalError('Broken.'), 1],
  [new TypeError('x is not a function'), 1],
  ['a string', 1],
])('%s exits with %i', (error, code) => {
  expect(exitCodeOf(error)).toBe(code)
})

test('a mistake is its message and its code, without a stack', () => {
  expect(describeError(input)).toBe('n.json: groups[1]: found 1, expected 2. [A_CODE]')
})

test('what a terminal would obey is shown to people, beside the ends of our own lines', () => {
  const field = 'a\u001b[31m\u009b2J\u202e\u{e0041}\ud800'
  const error = new InputError({
    code: 'A_CODE',
    field,
    found: '1',
    expected: '2',
    remedy: 'One\n.',
    further: ['Two.'],
  })
  expect(errorText(error, false)).toBe(
    'antidrome: a\\u001b[31m\\u009b2J\\u202e\\udb40\\udc41\\ud800: found 1, expected 2. One\\n.\nTwo. [A_CODE]\n',
  )
})

test('a bug asks to be reported and shows where it is', () => {
  for (const bug of [new InternalError('Broken.'), new TypeError('broken')]) {
    expect(describeError(bug)).toMatch(/please report it/)
    expect(describeError(bug)).toContain('report-error.test.ts')
    for (const text of [describeError(bug), errorReport(bug).error.message])
      expect(text.split(/broken/i), text).toHaveLength(2)
  }
})

test('lines of a program that the runtime puts before a stack are left out', () => {
  const error = new SyntaxError('Unexpected token')
  error.stack = `file:///bundle.js:7\nfunction a(){throw b}\n           ^\n\n${error.stack}`
  expect(describeError(error)).toMatch(/^SyntaxError: Unexpected token\n\s+at /)
})

const NOTHING = { file: null, field: null, found: null, expected: null, remedy: null }

test.each([
  [
    input,
    {
      ...NOTHING,
      code: 'A_CODE',
      message: input.message,
      file: 'n.json',
      field: 'groups[1]',
      found: '1',
      expected: '2',
    },
  ],
  [
    new RunError({ code: 'RUNAWAY_NEURON', message: 'It ran away.', remedy: 'Hold it.' }),
    { ...NOTHING, code: 'RUNAWAY_NEURON', message: 'It ran away. Hold it.', remedy: 'Hold it.' },
  ],
  [new SeedError(-1), { ...NOTHING, code: 'SEED_INVALID', message: new SeedError(-1).message }],
  [new Interruption('stopped'), { ...NOTHING, code: 'INTERRUPTED', message: 'stopped' }],
  ['a string', { ...NOTHING, code: 'UNEXPECTED', message: expect.stringMatching(/^a string\nThis is a bug/) }],
])('%s is one record for programs', (error, record) => {
  expect(errorReport(error)).toEqual({ error: record })
  expect(errorText(error, true)).toMatch(/^\{"error":\{.*\}\}\n$/)
})

test('what runs out is no bug, and says what to do', () => {
  const shortage = new RangeError('Array buffer allocation failed')
  expect(exitCodeOf(shortage)).toBe(1)
  expect(describeError(shortage)).toMatch(
    /^The process ran out of memory \(Array buffer allocation failed\)\. .*\[OUT_OF_MEMORY\]$/,
  )
  expect(errorReport(shortage).error).toMatchObject({
    code: 'OUT_OF_MEMORY',
    remedy: expect.stringMatching(/--max-old-space-size/),
  })
})
