/** Controls, what turns the direction of writing or is not seen, halves of characters, breaks of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Controls that have a letter of their own in JSON. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/** Of a text that is not ours, beyond which an error or a line for people repeats no more of it. */
const MOST_CHARACTERS = 2000

/** Whether a text is one line that does nothing to a terminal but be seen there. */
export function isPrintable(text: string): boolean {
  return text.search(UNSEEN) < 0
}

/**
 * A text of which all can be seen, on one line: `\u001b` stands for the character that terminals take for the start of a
 * command. The escapes are those of JSON, so that a text in JSON keeps its meaning.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, escaped)
}

/** The same of every line of a text by itself. */
export function printableLines(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)))
}

/**
 * A text that is not ours, as an error or a line for people repeats it: visible, on one line, and no longer than `most`
 * characters, the last of which then say how many more there are.
 */
export function oneLine(text: string, most: number = MOST_CHARACTERS): string {
  const seen = text.length > most ? null : printable(text)
  if (seen !== null && seen.length <= most) return seen
  const room = most - moreOf(text.length).length
  let shown = ''
  let kept = 0
  for (const character of text) {
    const next = printable(character)
    if (shown.length + next.length > room) break
    shown += next
    kept += character.length
  }
  return `${shown}${moreOf(text.length - kept)}`
}

/** The same for a text that is reported in JSON, where it may have any characters. */
export function bounded(text: string, most: number = MOST_CHARACTERS): string {
  if (text.length <= most) return text
  const kept = most - moreOf(text.length).length
  return `${text.slice(0, kept)}${moreOf(text.length - kept)}`
}

function moreOf(count: number): string {
  return `… (${count} characters more)`
}

function escaped(character: string): string {
  const letter = LETTERS.get(character)
  if (letter !== undefined) return letter
  return Array.from({ length: character.length }, (_, k) => `\\u${hexadecimal(character.charCodeAt(k))}`).join('')
}

function hexadecimal(code: number): string {
  return code.toString(16).padStart(4, '0')
}
