import { EXPORT_FORMATS, type ExportFormat } from '../../hardware/chip-placement/export-placement.js'
import { fileWithEnd } from '../file-with-end.js'
import { type NewFile, newFile } from '../new-file.js'

/** Where a placement goes unit by unit. */
export interface UnitsFile {
  readonly file: NewFile
  readonly format: ExportFormat
}

/** The file of `--export`, null without; raises `InputError` FLAG_VALUE, FILE_EXISTS, FILE_UNWRITABLE. */
export async function unitsFile(path: string | undefined): Promise<UnitsFile | null> {
  if (path === undefined) return null
  const format = fileWithEnd('--export', path, EXPORT_FORMATS)
  return { format, file: await newFile('--export', path) }
}
