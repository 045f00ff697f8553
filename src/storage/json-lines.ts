import { InputError, type Mistake } from '../events/errors.js'
import { oneLine } from '../events/printable.js'

/** A line of a file with a record in every line. */
export type LineRecord = Readonly<Record<string, unknown>>

export interface RecordLines {
  readonly lines: readonly LineRecord[]
  /** The last line has no end, and is left out: the process that wrote it was killed. */
  readonly isCut: boolean
}

/**
 * The records of a text, one in every line.
 *
 * @param mistake raised, as `InputError`, for a line that is none
 */
export function recordLines(
  text: string,
  file: string,
  mistake: Pick<Mistake, 'code' | 'expected' | 'remedy'>,
): RecordLines {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole === '' ? [] : whole.trimEnd().split('\n')
  const read = lines.map((line, k): LineRecord => {
    try {
      const record: unknown = JSON.parse(line)
      if (typeof record === 'object' && record !== null && !Array.isArray(record)) return record as LineRecord
    } catch {
      // As what is no record.
    }
    throw new InputError({ ...mistake, file, field: `line ${k + 1}`, found: oneLine(line, 80) })
  })
  return { lines: read, isCut: whole.length < text.length }
}
