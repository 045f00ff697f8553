import { EXPORT_FORMATS, type ExportFormat } from '../../hardware/chip-placement/export-placement.js'
import { fileWithEnd } from '../file-with-end.js'
import { PLACED_UNITS } from '../outputs/output-kind.js'
import type { Output, Outputs } from '../outputs/outputs.js'

/** Where a placement goes unit by unit. */
export interface UnitsFile {
  readonly file: Output
  readonly format: ExportFormat
}

/** The file of `--export`, null without; raises `InputError` FLAG_VALUE and what `Outputs.file` does. */
export async function unitsFile(path: string | undefined, outputs: Outputs): Promise<UnitsFile | null> {
  if (path === undefined) return null
  const format = fileWithEnd('--export', path, EXPORT_FORMATS)
  return { format, file: await outputs.file({ flag: '--export', path, kind: PLACED_UNITS }) }
}
