import { damagedFile } from '../file-errors.js'
import type { ByteSource } from './byte-source.js'

/** The lines of text that a binary file begins with. */
export interface CommentHeader {
  /** Without what marks them, and without the ends of lines. */
  readonly lines: readonly string[]
  /** The byte behind them. */
  readonly end: number
}

/** Headers have some hundred bytes. */
const MOST_BYTES = 1 << 16
const NEWLINE = 0x0a

/**
 * The lines that begin with a mark, up to one that is `last`, if there is such. What has control characters is no line of
 * text, whatever it begins with.
 *
 * Raises `InputError` DATA_FILE_DAMAGED for a header without end.
 *
 * @param mark such as `% `
 */
export function readCommentHeader(source: ByteSource, mark: string, last?: string): CommentHeader {
  const { file, size } = source
  const bytes = source.read(0, Math.min(size, MOST_BYTES))
  const lines: string[] = []
  let end = 0
  for (let start = 0; beginsWith(bytes, start, mark); start = end) {
    const newline = bytes.indexOf(NEWLINE, start)
    const line = textOf(bytes.subarray(start, newline === -1 ? bytes.length : newline))
    if (line === null) break
    if (newline === -1) throw damagedFile({ file, field: `byte ${start}`, found: 'a line without end' }, 'a header')
    end = newline + 1
    lines.push(line.slice(mark.length).trim())
    if (lines.at(-1) === last) break
  }
  return { lines, end }
}

function beginsWith(bytes: Uint8Array, start: number, mark: string): boolean {
  for (let k = 0; k < mark.length; k++) if (bytes[start + k] !== mark.charCodeAt(k)) return false
  return true
}

/** Null for what is no text. */
function textOf(bytes: Uint8Array): string | null {
  const line = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes
  if (line.some((byte) => byte < 0x20 && byte !== 0x09)) return null
  return new TextDecoder('latin1').decode(line)
}

/** Lines of a name, white space and a value; of several with one name the last. Names in small letters. */
export function headerFields({ lines }: CommentHeader): ReadonlyMap<string, string> {
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^(\S*)\s*(.*)$/.exec(line) ?? []
      return [name.toLowerCase(), value]
    }),
  )
}
