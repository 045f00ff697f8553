import { expect, test } from 'vitest'
import { RunError } from '../../src/events/errors.js'
import { exhaustionIn, exhaustionOf } from '../../src/events/exhaustion.js'

const coded = (code: string, message = 'it failed') => Object.assign(new Error(message), { code })

test.each([
  ['OUT_OF_MEMORY', () => new ArrayBuffer(2 ** 52)],
  ['OUT_OF_MEMORY', () => new Float64Array(2 ** 40)],
  ['OUT_OF_MEMORY', () => new Uint8Array(2 ** 53 - 1)],
  ['TEXT_TOO_LONG', () => 'x'.repeat(2 ** 30 - 1)],
])('the runtime says %s in words that are known', (code, exceed) => {
  let error: unknown = null
  try {
    exceed()
  } catch (thrown) {
    error = thrown
  }
  expect(exhaustionOf(error), String(error)).toMatchObject({ code, cause: error })
})

test.each([
  ['OUT_OF_MEMORY', new RangeError('WebAssembly.Memory(): could not allocate memory')],
  ['OUT_OF_MEMORY', new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory')],
  ['OUT_OF_MEMORY', coded('ERR_WORKER_OUT_OF_MEMORY')],
  ['OUT_OF_MEMORY', coded('ENOMEM')],
  ['TOO_MANY_FILES', coded('EMFILE')],
  ['TOO_MANY_FILES', new Error("EMFILE: too many open files, open 'a'")],
  ['TOO_MANY_PROCESSES', new Error('spawn /usr/bin/node EAGAIN')],
])('%s is known by its code or its words: %s', (code, error) => {
  const found = exhaustionOf(error, 'Core 3', { core: 3 })
  expect(found).toBeInstanceOf(RunError)
  expect(found).toMatchObject({ code, details: { core: 3 }, remedy: expect.stringMatching(/\.$/) })
  expect(found?.message).toMatch(/^Core 3 ran out of /)
})

test.each([
  new TypeError('x is not a function'),
  new RangeError('Invalid typed array length: -1'),
  new RangeError('Invalid array length'),
  coded('ENOENT'),
  new RunError({ code: 'KERNEL_MEMORY', message: 'out of memory' }),
  'out of memory',
])('%s is something else', (error) => expect(exhaustionOf(error)).toBeNull())

test('the last words of a runtime whose heap is full are understood', () => {
  const line = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'
  expect(exhaustionIn(`<--- Last few GCs --->\n${line}\n 1: 0xb72890`)).toMatchObject({ code: 'OUT_OF_MEMORY' })
})
