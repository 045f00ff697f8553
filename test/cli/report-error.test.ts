import { expect, test } from 'vitest'
import { describeError, exitCodeOf } from '../../src/cli/report-error.js'
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

test('a bug asks to be reported and shows where it is', () => {
  for (const bug of [new InternalError('Broken.'), new TypeError('broken')]) {
    expect(describeError(bug)).toMatch(/please report it/)
    expect(describeError(bug)).toContain('report-error.test.ts')
  }
})
