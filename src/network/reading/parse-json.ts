import { InputError } from '../../events/errors.js'
import { readString } from './read-value.js'

type Expectation = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'comma' | 'nothing'

const SPACE = /[ \t\n\r]*/y

const TOKEN =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/uy

/**
 * The position of the first character at which a text ceases to be JSON; its length if it ends too early.
 *
 * The engine's own message names a position for some mistakes and none for others, such as a bare NaN.
 */
export function locateSyntaxError(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expectation = 'value'
  let at = 0
  for (;;) {
    at = skip(SPACE, text, at)
    const end = skip(TOKEN, text, at)
    if (end === at) return at
    const next = afterToken(text.slice(at, end), expected, open)
    if (next === null) return at
    expected = next
    at = end
  }
}

function skip(pattern: RegExp, text: string, at: number): number {
  const matcher = new RegExp(pattern.source, pattern.flags)
  matcher.lastIndex = at
  return matcher.test(text) ? matcher.lastIndex : at
}

/** What may follow the token, or null if it must not stand here. Opens and closes on the way. */
function afterToken(token: string, expected: Expectation, open: ('{' | '[')[]): Expectation | null {
  switch (token) {
    case '{':
    case '[':
      if (!awaitsValue(expected)) return null
      open.push(token)
      return token === '{' ? 'firstKey' : 'firstValue'
    case '}':
      return endsWith('firstKey', expected) && open.at(-1) === '{' ? close(open) : null
    case ']':
      return endsWith('firstValue', expected) && open.at(-1) === '[' ? close(open) : null
    case ',':
      return expected === 'comma' ? afterComma(open) : null
    case ':':
      return expected === 'colon' ? 'value' : null
    default:
      return afterScalar(token, expected, open)
  }
}

function afterScalar(token: string, expected: Expectation, open: readonly string[]): Expectation | null {
  if (awaitsValue(expected)) return open.length === 0 ? 'nothing' : 'comma'
  const awaitsKey = expected === 'key' || expected === 'firstKey'
  return token.startsWith('"') && awaitsKey ? 'colon' : null
}

const awaitsValue = (expected: Expectation) => expected === 'value' || expected === 'firstValue'

/** Whether a list or record may end here, which is empty if what comes first in it is expected still. */
const endsWith = (first: Expectation, expected: Expectation) => expected === first || expected === 'comma'

const afterComma = (open: readonly string[]) => (open.at(-1) === '{' ? 'key' : 'value')

function close(open: ('{' | '[')[]): Expectation {
  open.pop()
  return open.length === 0 ? 'nothing' : 'comma'
}

interface DuplicateKey {
  readonly key: string
  /** Where the second one starts, in characters. */
  readonly position: number
}

const QUOTE = 0x22

const BACKSLASH = 0x5c

const COLON = 0x3a

/**
 * The first key that one object of a valid JSON text holds twice, or null.
 *
 * `JSON.parse` keeps the last of them without a word, so half of what the user wrote would be lost.
 */
export function findDuplicateKey(text: string): DuplicateKey | null {
  const open: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === QUOTE) {
      const end = endOfString(text, at)
      if (nextVisible(text, end) === COLON) {
        const key = JSON.parse(text.slice(at, end)) as string
        const keys = open.at(-1)
        if (keys?.has(key)) return { key, position: at }
        keys?.add(key)
      }
      at = end - 1
    } else if (character === 0x7b) open.push(new Set())
    else if (character === 0x7d) open.pop()
  }
  return null
}

/** The position after the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}

/** The first character from `at` on that is not white space; NaN at the end. */
function nextVisible(text: string, at: number): number {
  let next = at
  while (text.charCodeAt(next) <= 0x20) next++
  return text.charCodeAt(next)
}

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
