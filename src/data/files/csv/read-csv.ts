import { InputError } from '../../../events/errors.js'
import { readOptions } from '../../../network/reading/read-fields.js'
import { readString } from '../../../network/reading/read-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { emptyFile, wrongFormat } from '../../recordings/file-errors.js'
import { readParts } from '../read-bytes.js'
import { type ColumnRoles, columnRoles, missingColumn } from '../tables/column-names.js'
import { placeEvents } from '../tables/event-columns.js'
import { numberLabels } from '../tables/read-labels.js'
import { recordingsOfTable } from '../tables/recordings-of-table.js'
import { EVENT_TABLE_READERS, type EventTableOptions } from '../tables/table-options.js'
import { type CsvRow, csvRows } from './csv-rows.js'
import { type Cell, createEventCells } from './event-cells.js'
import { asNumbers, createSampleCells } from './sample-cells.js'

const CSV = { field: 'line 1', roles: ['unit', 'x', 'y', 'polarity', 'sample', 'label'] } as const

/**
 * Reads recordings from a table of text with a row per event, whose first line names its columns: cells between commas,
 * semicolons or tabs.
 *
 * `time_ms`, `time_s` or `time_us` (or `t`, in µs) is when, `unit`, or `x`, `y` and, if there are two, `polarity` (or `p`: 0
 * and 1, or -1 and 1) where; `sample`, a number or name, tells the recordings apart, which are in the order in which they
 * appear; `label` is the class of the recording, a number from 0 or a name. Any other column is a group, such as `speaker`.
 * Rows may be in any order. A row with neither time nor place stands for a recording without events.
 *
 * Raises `InputError` with the file and the line, as `readNpz` does, and SAMPLE_CONFLICT where rows of one recording have
 * different labels or groups.
 *
 * @example
 * const recordings = await readCsv('taps.csv')
 */
export async function readCsv(path: string, options: EventTableOptions = {}): Promise<EventRecordings> {
  readString(path, 'path')
  const given = readOptions<EventTableOptions>(options, EVENT_TABLE_READERS)
  return parseCsv(readParts(path, given), path, given)
}

/** The recordings in the parts of such a file. */
export async function parseCsv(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
  options: EventTableOptions = {},
): Promise<EventRecordings> {
  let table: Table | null = null
  for await (const row of csvRows(parts, file)) {
    if (table === null) table = beginTable(row, file, options)
    else table.add(row)
  }
  if (table === null) throw emptyFile(file, 'lines')
  return table.finish()
}

interface Table {
  add(row: CsvRow): void
  finish(): EventRecordings
}

function beginTable({ cells: header, line }: CsvRow, file: string, options: EventTableOptions): Table {
  const names = header.map((name, k) => (k === 0 ? name.replace(/^#\s*/, '') : name))
  requireNames(names, file, line)
  const roles = columnRoles(names, { file, ...CSV }, options.timeUnit)
  const required = (role: 'sample' | 'label' | 'unit', expected: string): string => {
    const name = roles[role]
    if (name === undefined) throw missingColumn({ file, field: `line ${line}` }, names, role, expected)
    return name
  }
  const sampleColumn = required('sample', 'sample, which tells recordings apart')
  const labelColumn = required('label', 'label, the class of the recording')
  const columns = placeColumns(roles) ?? [['unit', required('unit', 'unit, or x and y')] as const]
  const events = createEventCells(columns, roles.timeScale, file)
  const samples = createSampleCells([labelColumn, ...roles.groups], file)
  const columnOf = (name: string) => names.indexOf(name)
  const [time, sample] = [columnOf(roles.time), columnOf(sampleColumn)]
  const described = [labelColumn, ...roles.groups].map(columnOf)
  const located = columns.map(([, name]) => columnOf(name))
  return {
    add: ({ cells, line: at }) => {
      if (cells.length !== names.length)
        throw wrongFormat(
          { file, field: `line ${at}`, found: `${cells.length} cells` },
          `${names.length}, as in the first line`,
        )
      const cell = (column: number): Cell => ({
        text: cells[column] as string,
        column: names[column] as string,
        line: at,
      })
      const which = samples.of(cell(sample), described.map(cell))
      events.add(which, cell(time), located.map(cell))
    },
    finish: () => {
      if (samples.count() === 0) throw emptyFile(file, 'lines')
      const { times, owners, places, lineOf } = events.finish()
      const [labels, ...groups] = samples.values() as [readonly string[], ...(readonly string[])[]]
      const place = (k: number) => `line ${samples.lineOf(k)}, column ${JSON.stringify(labelColumn)}`
      return recordingsOfTable({
        file,
        ...placeEvents(places, options.shape, { file, place: (column, k) => `line ${lineOf(k)}, column "${column}"` }),
        ...numberLabels(asNumbers(labels), options.classes, { file, field: `column "${labelColumn}"`, place }),
        times,
        samples: owners,
        groups: Object.fromEntries(roles.groups.map((name, k) => [name, asNumbers(groups[k] as readonly string[])])),
      })
    },
  }
}

function placeColumns({ unit, x, y, polarity }: ColumnRoles) {
  if (unit !== undefined || x === undefined || y === undefined) return null
  return [['x', x] as const, ['y', y] as const, ...(polarity === undefined ? [] : [['polarity', polarity] as const])]
}

function requireNames(names: readonly string[], file: string, line: number): void {
  const field = `line ${line}`
  if (names.every((name) => name !== '' && Number.isFinite(Number(name))))
    throw wrongFormat(
      { file, field, found: 'numbers alone' },
      'the names of the columns',
      'Put a line such as sample,time_ms,unit,label before the first one.',
    )
  const twice = names.find((name, k) => name === '' || names.indexOf(name) !== k)
  if (twice === undefined) return
  const found = twice === '' ? 'a column without a name' : `two columns ${JSON.stringify(twice)}`
  throw new InputError({ code: 'DATA_FILE_FORMAT', file, field, found, expected: 'a name of its own for every column' })
}
