/**
 * Texts of several lines, the last of which says what would help: where texts that follow each other end alike, that line
 * is printed once, after the last of them.
 */
export function printedOnce(texts: readonly string[]): readonly string[] {
  return texts.map((text, k) => {
    const at = text.lastIndexOf('\n')
    const next = texts[k + 1]
    return at >= 0 && next?.endsWith(text.slice(at)) ? text.slice(0, at) : text
  })
}
