import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

const { markLines } = (await import(new URL('../../scripts/build/mark-lines.mjs', import.meta.url).href)) as {
  readonly markLines: (text: string) => string
}

const MARK = /node-do-not-add-exception-line/

/** Lines end with an operator, within a text, and between its parts; the last but one begins and ends within one. */
const PROGRAM = [
  'function f(a){if(a<0)throw new RangeError(`less than',
  '0, throw`);return 6/',
  'a}function g(){throw 1}[f(2),`x throw ${f(',
  '3)} throw',
  'in a text',
  '`,f(1)]',
].join('\n')

test('a program whose lines are marked does what it did', () => {
  const marked = markLines(PROGRAM)
  expect(marked.split('\n').map((line) => MARK.test(line))).toEqual([true, true, true, true, false, true])
  expect(runInNewContext(marked)).toEqual(runInNewContext(PROGRAM))
  expect(markLines('throw a/\nb')).toMatch(/^throw a\/ \/\/node.*\nb \/\/node.*$/)
})
