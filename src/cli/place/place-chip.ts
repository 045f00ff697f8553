import { InputError } from '../../events/errors.js'
import { type Chip, mesh } from '../../hardware/chip.js'
import { parseChip } from '../../hardware/chip-file.js'
import { readTextFile } from '../../storage/read-text.js'

export const DEFAULT_CHIP = 'mesh:2x2'

/** The chip that `--chip` names: `mesh:COLUMNSxROWS` without limits, or a profile file. */
export async function chipOf(profile: string): Promise<Chip> {
  if (!profile.startsWith('mesh:')) return parseChip(await readTextFile(profile, '--chip'), profile)
  const [, columns, rows] = /^mesh:([1-9]\d{0,5})x([1-9]\d{0,5})$/.exec(profile) ?? []
  if (columns !== undefined && rows !== undefined) return mesh({ columns: Number(columns), rows: Number(rows) })
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--chip',
    found: JSON.stringify(profile),
    expected: 'mesh:COLUMNSxROWS, such as mesh:2x2, or a profile file',
  })
}
