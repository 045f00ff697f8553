import { entryOf } from '../events/by-name.js'
import { expectOnly, expectRecord, wrongType } from '../network/reading/expect.js'
import { parseJson, readingFile } from '../network/reading/parse-json.js'
import { CHIP_FIELDS, type Chip, type MeshOptions, mesh } from './chip.js'

/**
 * The chip that a profile describes: `{"columns": 2, "rows": 2, "neuronsPerCore": 1024, "synapsesPerCore": 1048576}`.
 *
 * The limits may be left out. Raises `InputError` naming file, field, found and expected: `JSON_INVALID`,
 * `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`, `CHIP_INVALID`.
 */
export function parseChip(text: string, file?: string): Chip {
  return readingFile(file, () => {
    const record = expectRecord(parseJson(text), '$')
    expectOnly(record, CHIP_FIELDS, '$')
    for (const field of ['columns', 'rows']) requireNumber(entryOf(record, field), field)
    for (const field of ['neuronsPerCore', 'synapsesPerCore']) {
      const given = entryOf(record, field)
      if (given !== undefined) requireNumber(given, field)
    }
    return mesh(record as unknown as MeshOptions)
  })
}

function requireNumber(value: unknown, field: string): void {
  if (typeof value !== 'number') throw wrongType(value, field, 'an integer from 1')
}
