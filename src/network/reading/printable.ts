/** Controls, what turns the direction of writing or is not seen, halves of characters, breaks of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Whether a text is one line that does nothing to a terminal but be seen there. */
export function isPrintable(text: string): boolean {
  return text.search(UNSEEN) < 0
}

/** A text of which all can be seen: `\u001b` stands for the character that terminals take for the start of a command. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) as number
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
