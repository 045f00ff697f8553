import { InputError } from '../../events/errors.js'
import { findDuplicateKey } from './duplicate-key.js'
import { readString } from './read-value.js'
import { locateSyntaxError } from './syntax-error.js'

/**
 * The value of a JSON text.
 *
 * Raises `FIELD_TYPE` for what is no text, `JSON_INVALID` with line and column, and `JSON_DUPLICATE_KEY` if an object holds
 * one key twice.
 */
export function parseJson(text: string): unknown {
  readString(text, 'text')
  const value = parse(text)
  const duplicate = findDuplicateKey(text)
  if (duplicate === null) return value
  throw new InputError({
    code: 'JSON_DUPLICATE_KEY',
    field: lineAndColumn(text, duplicate.position),
    found: `a second ${JSON.stringify(duplicate.key)} in one object`,
    expected: 'every key once',
  })
}

/** Runs `read` and adds the name of the file to the mistakes it finds. */
export function readingFile<Result>(file: string | undefined, read: () => Result): Result {
  if (file !== undefined) readString(file, 'file')
  try {
    return read()
  } catch (error) {
    throw error instanceof InputError && file !== undefined ? error.inFile(file) : error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const position = locateSyntaxError(text)
    throw new InputError({
      code: 'JSON_INVALID',
      field: lineAndColumn(text, position),
      found: position >= text.length ? 'the end of the text' : JSON.stringify(text.slice(position, position + 20)),
      expected: 'valid JSON',
      remedy: 'JSON knows no NaN, no Infinity, no comments and no trailing commas.',
      cause,
    })
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}
