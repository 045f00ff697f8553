import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOfRecord, recordOfError } from '../../src/events/error-record.js'
import { AntidromeError, InputError, InternalError, type Mistake, RunError } from '../../src/events/errors.js'

const text = fc.string({ maxLength: 20 })
const details = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, fc.double({ noNaN: true })))
const cause = fc.option(
  text.map((message) => new Error(message)),
  { nil: undefined },
)

const anyMistake = fc
  .record({
    code: text,
    field: text,
    found: text,
    expected: text,
    file: fc.option(text),
    remedy: fc.option(text),
    cause,
  })
  .map(({ file, remedy, ...rest }): Mistake => {
    return { ...rest, ...(file === null ? {} : { file }), ...(remedy === null ? {} : { remedy }) }
  })

const anyError = fc.oneof(
  anyMistake.map((mistake) => new InputError(mistake)),
  fc.record({ code: text, message: text, details, remedy: text, cause }).map((failure) => new RunError(failure)),
  fc.tuple(text, details).map(([message, ids]) => new InternalError(message, ids)),
  fc.tuple(text, cause).map(([message, reason]) => new Error(message, reason === undefined ? {} : { cause: reason })),
  text.map((message) => new RangeError(message)),
)

test('an error comes back as it was, but for the class of its cause', () => {
  fc.assert(
    fc.property(anyError, (error) => {
      const back = errorOfRecord(structuredClone(recordOfError(error)))
      expect(back.message).toBe(error.message)
      expect(back.name).toBe(error.name)
      expect((back.cause as Error | undefined)?.message).toBe((error.cause as Error | undefined)?.message)
      expect(back.constructor).toBe(error.constructor)
      if (!(error instanceof AntidromeError)) return
      expect(back).toMatchObject({ code: error.code, details: error.details })
      if (error instanceof InputError) {
        const { cause: _, ...mistake } = error.mistake
        expect((back as InputError).mistake).toMatchObject(mistake)
        expect((back as InputError).inFile('a.json').message).toBe(error.inFile('a.json').message)
      }
    }),
    { numRuns: 200, seed: 1 },
  )
})

test('a record of a record is the same', () => {
  fc.assert(
    fc.property(anyError, (error) => {
      const record = recordOfError(error)
      expect(recordOfError(errorOfRecord(record))).toEqual(record)
    }),
    { numRuns: 200, seed: 2 },
  )
})

describe('what is no error of ours', () => {
  test('a bug keeps the place where it was found', () => {
    const bug = new TypeError('x is not a function')
    const back = errorOfRecord(recordOfError(bug))
    expect(back.stack).toBe(bug.stack)
    expect(back).toBeInstanceOf(TypeError)
  })

  test.each([['a word'], [7], [null], [undefined]])('%j thrown is an error, too', (thrown) => {
    expect(recordOfError(thrown)).toMatchObject({ kind: 'Error', message: String(thrown) })
  })

  test('a class that only the other process knows is told by its name', () => {
    class TideError extends TypeError {
      override readonly name = 'TideError'
    }
    const back = errorOfRecord(recordOfError(new TideError('Too high.')))
    expect(back.constructor).toBe(Error)
    expect(back).toMatchObject({ name: 'TideError', message: 'Too high.' })
  })

  test('a subclass of a failed run is told by its name', () => {
    class TideError extends RunError {}
    const back = errorOfRecord(recordOfError(new TideError({ code: 'TIDE', message: 'Too high.' })))
    expect(back).toBeInstanceOf(RunError)
    expect(back).toMatchObject({ name: 'TideError', code: 'TIDE', message: 'Too high.' })
  })
})
