import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RunError } from '../events/errors.js'

/**
 * Writes a file as a whole or not at all: what stood there before stays until the new text is on the disk.
 *
 * Raises `FILE_UNWRITABLE`.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  try {
    await writeDraft(draft, text)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw unwritable(path, cause)
  }
}

async function writeDraft(draft: string, text: string): Promise<void> {
  const file = await open(draft, 'wx')
  try {
    await file.writeFile(text)
    // Without it a power failure could leave the new name with no content.
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The error of a file or folder that cannot be written. */
export function unwritable(path: string, cause: unknown): RunError {
  return new RunError({
    code: 'FILE_UNWRITABLE',
    message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    details: { file: path },
    remedy: 'Check the permissions and the free space, or choose another name.',
    cause,
  })
}
