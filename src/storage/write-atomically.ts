import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RunError } from '../events/errors.js'

/** A text, or parts that follow each other. */
export type FileContent = string | readonly Uint8Array[]

/**
 * Writes a file as a whole or not at all: what stood there before stays until the new content is on the disk.
 *
 * Raises `FILE_UNWRITABLE`.
 */
export async function writeAtomically(path: string, content: FileContent): Promise<void> {
  const draft = join(dirname(path), `${draftPrefix(path)}${randomUUID()}${DRAFT_END}`)
  try {
    await writeDraft(draft, typeof content === 'string' ? [content] : content)
    await rename(draft, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw unwritable(path, cause)
  }
}

const DRAFT_END = '.tmp'

const draftPrefix = (path: string) => `.${basename(path)}.`

/** Whether a name is that of a draft of some file with this beginning, which a process that was killed has left. */
export function isDraftOf(beginning: string, name: string): boolean {
  return name.startsWith(`.${beginning}`) && name.endsWith(DRAFT_END)
}

async function writeDraft(draft: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
  const file = await open(draft, 'wx')
  try {
    // Each goes on where the one before ended.
    for (const part of parts) await file.writeFile(part)
    // Without it a power failure could leave the new name with no content.
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a new name last; not every system can do so for a folder, and there it needs no help. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Whether a folder could not be made because a file has its name, or that of a folder above it. */
function isInTheWay(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'EEXIST' || cause.code === 'ENOTDIR')
}

/** The error of a file or folder that cannot be written. */
export function unwritable(path: string, cause: unknown): RunError {
  return new RunError({
    code: 'FILE_UNWRITABLE',
    message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    details: { file: path },
    remedy: isInTheWay(cause)
      ? 'A file stands where a folder is to be: move it, or choose another name.'
      : 'Check the permissions and the free space, or choose another name.',
    cause,
  })
}
