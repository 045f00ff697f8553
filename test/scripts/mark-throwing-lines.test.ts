import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

const { markThrowingLines } = (await import(
  new URL('../../scripts/build/mark-throwing-lines.mjs', import.meta.url).href
)) as { readonly markThrowingLines: (text: string) => string }

const MARK = /node-do-not-add-exception-line$/

/** Lines that raise errors end with an operator, within a text, and between its parts. */
const PROGRAM = [
  'function f(a){if(a<0)throw new RangeError(`less than',
  '0, throw`);return 6/',
  'a}function g(){throw 1}[f(2),`x throw ${f(',
  '3)} throw',
  '`,f(1)]',
].join('\n')

test('a program whose throwing lines are marked does what it did', () => {
  const marked = markThrowingLines(PROGRAM)
  expect(marked.split('\n').map((line) => MARK.test(line))).toEqual([false, true, true, false, false])
  expect(runInNewContext(marked)).toEqual(runInNewContext(PROGRAM))
  expect(markThrowingLines('throw a/\nb')).toMatch(/^throw a\/ \/\/node.*\nb$/)
})
