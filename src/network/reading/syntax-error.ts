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
