import { oneLine, printableLines } from '../events/printable.js'
import { formatJson } from '../storage/format-json.js'

declare const SHOWN: unique symbol

/**
 * A text for a terminal of which every line is one that this program means to print: names, cells and messages in it, which
 * others wrote, are each on one line, visible and bounded. Nothing else is printed (`Terminal`), so that no such text can put
 * a line into the output of a command, or have a terminal obey.
 */
export type Shown = string & { readonly [SHOWN]: true }

/** The words of the template as they are, and what stands in it as a text that is not ours: ``shown`${path} is written.\n` ``. */
export function shown(words: TemplateStringsArray, ...values: readonly (string | number)[]): Shown {
  return String.raw({ raw: words }, ...values.map((value) => oneLine(String(value)))) as Shown
}

/** Lines of words and of texts that are not ours; each becomes one. */
export function shownLines(lines: readonly string[]): Shown {
  return lines.map((line) => `${oneLine(line)}\n`).join('') as Shown
}

/** Texts that may be shown, one behind the other. */
export function joined(texts: readonly Shown[], separator = ''): Shown {
  return texts.join(separator) as Shown
}

export const NOTHING_SHOWN = '' as Shown

/** A line of JSON, in which only line breaks and controls of C0 would be escaped by themselves. */
export function jsonLine(record: unknown): Shown {
  return `${printableLines(formatJson(record))}\n` as Shown
}

/** A line of JSON for each. */
export function jsonLines(records: readonly unknown[]): Shown {
  return joined(records.map(jsonLine))
}

/** A text of several lines that this program has made of words of its own and of what is bounded already, such as a help. */
export function ownLines(text: string): Shown {
  return printableLines(text) as Shown
}
