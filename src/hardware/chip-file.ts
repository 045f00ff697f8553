import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import { parseJson, readingFile } from '../network/reading/parse-json.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { anyNumberThat } from '../network/reading/read-number.js'
import { readRecord } from '../network/reading/read-value.js'
import { optional } from '../network/reading/read-variant.js'
import { CHIP_FIELDS, type Chip, type MeshOptions, mesh } from './chip.js'

/** What a file with a whole profile begins with. */
export const CHIP_FORMAT = 'antidrome-chip'

/**
 * The chip that a profile describes: `{"columns": 2, "rows": 2, "neuronsPerCore": 1024, "synapsesPerCore": 1048576}`.
 *
 * The limits may be left out. Raises `InputError` naming file, field, found and expected: `JSON_INVALID`,
 * `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`, `CHIP_INVALID`, `CHIP_FORMAT` for a
 * whole profile, which `parseChipProfile` reads.
 */
export function parseChip(text: string, file?: string): Chip {
  return readingFile(file, () => {
    const record = readRecord(parseJson(text), '$')
    if (record.format === CHIP_FORMAT) throw wholeProfile()
    refuseUnknown(record, CHIP_FIELDS, '$')
    for (const field of ['columns', 'rows']) readWhole(entryOf(record, field), field)
    for (const field of ['neuronsPerCore', 'synapsesPerCore']) optional(readWhole)(entryOf(record, field), field)
    return mesh(record as unknown as MeshOptions)
  })
}

function wholeProfile(): InputError {
  return new InputError({
    code: 'CHIP_FORMAT',
    field: 'format',
    found: `"${CHIP_FORMAT}"`,
    expected: `a mesh, with ${CHIP_FIELDS.join(', ')} alone`,
    remedy: 'parseChipProfile reads profiles of chips.',
  })
}

/** A number, which `mesh` looks at. */
const readWhole = anyNumberThat({ expected: 'an integer from 1', holds: () => true })
