import { InputError } from '../../../events/errors.js'
import { beginsPlacement } from '../../../hardware/chip-placement/chip-placement-file.js'
import { beginningOfFile } from '../../../storage/beginning-of-file.js'
import { requireWritableFile } from '../../writable-path.js'

/**
 * Refuses a file of the command line that cannot be written, and one that is there and holds no placement.
 *
 * Raises `InputError` FILE_UNWRITABLE or FILE_EXISTS, naming the flag.
 */
export async function requirePlacementFile(flag: string, path: string): Promise<void> {
  await requireWritableFile(flag, path)
  const beginning = await beginningOfFile(path)
  if (beginning === null || beginning === '' || beginsPlacement(beginning)) return
  throw new InputError({
    code: 'FILE_EXISTS',
    file: path,
    field: flag,
    found: 'a file that holds no placement on a chip',
    expected: 'a path where no file is, or a placement to replace',
    remedy: 'Choose another path.',
  })
}
