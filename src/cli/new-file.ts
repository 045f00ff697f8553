import { InputError } from '../events/errors.js'
import { beginningOfFile } from '../storage/beginning-of-file.js'
import { createAtomically } from '../storage/write-atomically.js'
import { requireWritableFile } from './writable-path.js'

/** A file of the command line in whose place nothing is. */
export interface NewFile {
  readonly path: string
  /** Raises `InputError` FILE_EXISTS if something has come there; `RunError` FILE_UNWRITABLE. */
  write(text: string): Promise<void>
}

/**
 * Refuses a file of the command line that cannot be written, or is there already; leaves nothing behind.
 *
 * Raises `InputError` FILE_UNWRITABLE, FILE_EXISTS, naming the flag.
 */
export async function newFile(flag: string, path: string): Promise<NewFile> {
  const exists = () =>
    new InputError({
      code: 'FILE_EXISTS',
      file: path,
      field: flag,
      found: 'a file that is there',
      expected: 'a path where no file is',
      remedy: 'Choose another path, or remove the file.',
    })
  await requireWritableFile(flag, path)
  if ((await beginningOfFile(path)) !== null) throw exists()
  return {
    path,
    async write(text) {
      if (!(await createAtomically(path, text))) throw exists()
    },
  }
}
