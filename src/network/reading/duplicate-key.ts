export interface DuplicateKey {
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
