import { InputError } from '../../../events/errors.js'
import { type Cell, placeOfCell } from './event-cells.js'

/** The recordings that rows belong to, in the order in which they appear, and the cells that describe each. */
export interface SampleCells {
  /** The number of a recording. Raises `InputError` FIELD_MISSING, SAMPLE_CONFLICT. */
  of(sample: Cell, described: readonly Cell[]): number
  count(): number
  /** Column by column, one text per recording. */
  values(): readonly (readonly string[])[]
  /** The first line of a recording. */
  lineOf(sample: number): number
}

const CONFLICT = 'Say the same in all rows of a recording, or give each recording a sample of its own.'

/** @param columns that tell of recordings, that of the label, if there is one, among them */
export function createSampleCells(
  columns: readonly string[],
  { file, label }: { readonly file: string; readonly label: string | undefined },
): SampleCells {
  const numbers = new Map<string, number>()
  const lines: number[] = []
  const values = columns.map((): string[] => [])
  /** Lines come with copies of the same few texts. */
  const known = new Map<string, string>()
  const intern = (text: string): string => {
    const found = known.get(text)
    if (found === undefined) known.set(text, text)
    return found ?? text
  }
  const refuse = (cell: Cell, code: string, found: string, expected: string): InputError => {
    const remedy = code === 'SAMPLE_CONFLICT' ? CONFLICT : 'Fill the cell in, or leave the row out.'
    return new InputError({ code, file, field: placeOfCell(cell), found, expected, remedy })
  }

  const begin = (sample: Cell, described: readonly Cell[]): number => {
    const number = numbers.size
    numbers.set(sample.text, number)
    lines.push(sample.line)
    for (const [k, cell] of described.entries()) {
      if (cell.text === '')
        throw refuse(cell, 'FIELD_MISSING', 'nothing', cell.column === label ? 'a class' : 'a value')
      values[k]?.push(intern(cell.text))
    }
    return number
  }

  return {
    of: (sample, described) => {
      if (sample.text === '') throw refuse(sample, 'FIELD_MISSING', 'nothing', 'the number or name of a recording')
      const number = numbers.get(sample.text)
      if (number === undefined) return begin(sample, described)
      for (const [k, cell] of described.entries()) {
        const first = values[k]?.[number] as string
        if (cell.text !== first)
          throw refuse(
            cell,
            'SAMPLE_CONFLICT',
            JSON.stringify(cell.text.slice(0, 100)),
            `${JSON.stringify(first.slice(0, 100))}, as in line ${lines[number]} of the same recording`,
          )
      }
      return number
    },
    count: () => numbers.size,
    values: () => values,
    lineOf: (sample) => lines[sample] as number,
  }
}
