import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import { reading } from '../file-bytes.js'
import { holdsFiles, labelledFiles } from '../labelled-files.js'
import { asNumbers } from './as-numbers.js'
import { type LocatedTable, recordingsOfTables } from './recordings-of-tables.js'
import { ALONE, type TableFile, type TableScope } from './table-file.js'
import type { EventTableOptions } from './table-options.js'

/** How the files of a format are read. */
export interface TableFormat {
  /** Of the names of its files in folders; the first of these that some have. */
  readonly endings: readonly (readonly string[])[]
  read(file: string, options: EventTableOptions, scope: TableScope): Promise<TableFile>
}

/**
 * The recordings of a file, or of the files in a folder: those of all files, or of a folder for each class, or for each split
 * with such folders in it. In a folder a file that does not tell recordings apart is one, and one that says no class is of
 * that of its folder; `groups` has `file` and, where there are folders of splits, `split`.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, and what reading a file and `recordingsOfTables` raise.
 */
export async function readTables(
  path: string,
  options: EventTableOptions,
  { endings, read }: TableFormat,
): Promise<EventRecordings> {
  if (!reading(path, () => statSync(path)).isDirectory()) {
    const table = await read(path, options, ALONE)
    return recordingsOfTables(path, [{ table, className: null, groups: {} }], options)
  }
  const { onProgress, ...about } = options
  const { files } = labelledFiles(path, endings.find((each) => holdsFiles(path, each)) ?? endings.flat())
  const located: LocatedTable[] = []
  for (const { path: file, className, depth, groups } of files) {
    const table = await read(file, about, { mayLackSample: true, mayLackLabel: depth > 0 })
    const [name = className] = asNumbers([className])
    located.push({ table, className: name, groups })
    onProgress?.({ done: located.length, total: files.length, unit: 'files' })
    // Whatever else waits has its turn between files.
    await setImmediate()
  }
  return recordingsOfTables(path, located, about)
}
