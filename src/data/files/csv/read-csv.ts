import { readOptions } from '../../../network/reading/read-fields.js'
import { readString } from '../../../network/reading/read-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { emptyFile, wrongFormat } from '../../recordings/file-errors.js'
import { readParts } from '../read-bytes.js'
import { asNumbers } from '../tables/as-numbers.js'
import { type ColumnRoles, columnRoles, isTimeName, missingColumn } from '../tables/column-names.js'
import { readTables, type TableFormat } from '../tables/read-tables.js'
import { recordingsOfTables } from '../tables/recordings-of-tables.js'
import { ALONE, type TableFile, type TableScope } from '../tables/table-file.js'
import { EVENT_TABLE_READERS, type EventTableOptions } from '../tables/table-options.js'
import { type CsvRow, csvRows } from './csv-rows.js'
import { type Cell, createEventCells } from './event-cells.js'
import { createSampleCells } from './sample-cells.js'

const CSV = { field: 'line 1', roles: ['unit', 'x', 'y', 'polarity', 'sample', 'label'] } as const

const FORMAT: TableFormat = {
  endings: [['.csv', '.tsv'], ['.txt']],
  read: (file, options, scope) => csvTable(readParts(file, options), { file, scope }, options),
}

/**
 * Reads recordings from a table of text with a row per event, whose first line names its columns: cells between commas,
 * semicolons or tabs; or from a folder of such tables.
 *
 * `time_ms`, `time_s` or `time_us` (or `t`, in µs) is when, `unit`, or `x`, `y` and, if there are two, `polarity` (or `p`: 0
 * and 1, or -1 and 1) where; `sample`, a number or name, tells the recordings apart, which are in the order in which they
 * appear; `label` is the class of the recording, a number from 0 or a name. Any other column is a group, such as `speaker`.
 * Rows may be in any order. A row with neither time nor place stands for a recording without events.
 *
 * In a folder, a table without `sample` is one recording, and one without `label` is of the class that its folder is called;
 * `groups` has `file` and, where folders of splits have folders of classes, `split`.
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
  return readTables(path, given, FORMAT)
}

/** The recordings in the parts of such a file. */
export async function parseCsv(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
  options: EventTableOptions = {},
): Promise<EventRecordings> {
  const table = await csvTable(parts, { file, scope: ALONE }, options)
  return recordingsOfTables(file, [{ table, className: null, groups: {} }], options)
}

/** A file, and what it need not say. */
interface Source {
  readonly file: string
  readonly scope: TableScope
}

async function csvTable(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  source: Source,
  options: EventTableOptions,
): Promise<TableFile> {
  let table: Table | null = null
  for await (const row of csvRows(parts, source.file)) {
    if (table === null) table = beginTable(row, source, options)
    else table.add(row)
  }
  if (table === null) throw emptyFile(source.file, 'lines')
  return table.finish()
}

interface Table {
  add(row: CsvRow): void
  finish(): TableFile
}

/** What the columns of a table mean, those of places and those that tell of recordings. */
function columnsOf({ cells: header, line }: CsvRow, { file, scope }: Source, options: EventTableOptions) {
  const names = header.map((name, k) => (k === 0 ? name.replace(/^#\s*/, '') : name))
  requireNames(names, file, line)
  const roles = columnRoles(names, { file, ...CSV }, options.timeUnit)
  const { sample, label, unit, groups } = roles
  const missing = (role: 'sample' | 'label' | 'unit', expected: string) =>
    missingColumn({ file, field: `line ${line}` }, names, role, expected)
  if (sample === undefined && !scope.mayLackSample) throw missing('sample', 'sample, which tells recordings apart')
  if (label === undefined && !scope.mayLackLabel) throw missing('label', 'label, the class of the recording')
  const pixels = placeColumns(roles)
  if (pixels === null && unit === undefined) throw missing('unit', 'unit, or x and y')
  const places = pixels ?? [['unit', unit as string] as const]
  return { names, roles, places, describing: [...(label === undefined ? [] : [label]), ...groups] }
}

function beginTable(first: CsvRow, source: Source, options: EventTableOptions): Table {
  const { file } = source
  const { names, roles, places: columns, describing } = columnsOf(first, source, options)
  const { sample: sampleColumn, label } = roles
  const events = createEventCells(columns, roles.timeScale, file)
  const samples = createSampleCells(describing, { file, label })
  const columnOf = (name: string) => names.indexOf(name)
  const [time, sample] = [columnOf(roles.time), sampleColumn === undefined ? -1 : columnOf(sampleColumn)]
  const described = describing.map(columnOf)
  const located = columns.map(([, name]) => columnOf(name))
  return {
    add: ({ cells, line: at }) => {
      if (cells.length !== names.length)
        throw wrongFormat(
          { file, field: `line ${at}`, found: `${cells.length} cells` },
          `${names.length}, as in the first line`,
          'Give every row a cell for each column, and put texts with separators in quotes.',
        )
      const cell = (column: number): Cell => ({
        text: cells[column] as string,
        column: names[column] as string,
        line: at,
      })
      // Without such a column all rows are of one.
      const which = samples.of(
        sample < 0 ? { text: file, column: 'sample', line: at } : cell(sample),
        described.map(cell),
      )
      events.add(which, cell(time), located.map(cell))
    },
    finish: () => {
      // One without events has no row that could say anything of it.
      const isEmptyOne = sample < 0 && describing.length === 0
      const count = Math.max(samples.count(), Number(isEmptyOne))
      if (count === 0) throw emptyFile(file, 'lines')
      const { times, owners, places, lineOf } = events.finish()
      const found = new Map(describing.map((name, k) => [name, asNumbers(samples.values()[k] as readonly string[])]))
      const valuesOf = (name: string) => found.get(name) as readonly (number | string)[]
      return {
        ...{ file, times, places, samples: owners, count, shape: null },
        labels: label === undefined ? null : valuesOf(label),
        groups: Object.fromEntries(roles.groups.map((name) => [name, valuesOf(name)])),
        labelField: `column "${label}"`,
        labelPlace: (k) => `line ${samples.lineOf(k)}, column ${JSON.stringify(label)}`,
        place: (column, k) => `line ${lineOf(k)}, column "${column}"`,
      }
    },
  }
}

function placeColumns({ unit, x, y, polarity }: ColumnRoles) {
  if (unit !== undefined || x === undefined || y === undefined) return null
  return [['x', x] as const, ['y', y] as const, ...(polarity === undefined ? [] : [['polarity', polarity] as const])]
}

function requireNames(names: readonly string[], file: string, line: number): void {
  const field = `line ${line}`
  const refuse = (found: string, expected: string, remedy: string) =>
    wrongFormat({ file, field, found }, expected, remedy)
  const isNumber = (name: string) => name !== '' && Number.isFinite(Number(name))
  if (names.some((name) => name.includes('\r')))
    throw refuse(
      'lines that end with a carriage return alone',
      'Unix or Windows line endings',
      'Save the file again with Unix or Windows line endings.',
    )
  if (names.some(isNumber) && !names.some(isTimeName))
    throw refuse(
      names.every(isNumber) ? 'numbers alone' : `the number ${names.find(isNumber)}`,
      'the names of the columns',
      'Put a line such as sample,time_ms,unit,label before the first one.',
    )
  const expected = 'a name of its own for every column'
  if (names.includes('')) throw refuse('a column without a name', expected, 'Name it, or leave it out of all rows.')
  const twice = names.find((name, k) => names.indexOf(name) !== k)
  if (twice !== undefined) throw refuse(`two columns ${JSON.stringify(twice)}`, expected, 'Rename one of them.')
}
