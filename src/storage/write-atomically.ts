import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RunError } from '../events/errors.js'
import { exhaustionOf } from '../events/exhaustion.js'
import { readList } from '../network/reading/read-list.js'
import { readString } from '../network/reading/read-value.js'
import { hasCode } from './has-code.js'

/** A text, or parts that follow each other. */
export type FileContent = string | readonly Uint8Array[]

/**
 * Writes a file as a whole or not at all: what stood there before stays until the new content is on the disk.
 *
 * Raises `FILE_UNWRITABLE`.
 */
export async function writeAtomically(path: string, content: FileContent): Promise<void> {
  await withDraft(path, content, async (draft) => {
    await rename(draft, path)
    await syncFolder(dirname(path))
  })
}

/**
 * Creates a file as a whole, or leaves the one that is there and resolves to false; of several at once, one succeeds.
 *
 * Raises `FILE_UNWRITABLE`.
 */
export function createAtomically(path: string, content: FileContent): Promise<boolean> {
  return withDraft(path, content, async (draft) => {
    const isNew = await linkTo(draft, path)
    await rm(draft, { force: true })
    return isNew
  })
}

async function withDraft<Result>(
  path: string,
  content: FileContent,
  place: (draft: string) => Promise<Result>,
): Promise<Result> {
  readString(path, 'path')
  const parts = typeof content === 'string' ? [content] : readList(content, 'content')
  const draft = join(dirname(path), `${draftPrefix(path)}${randomUUID()}${DRAFT_END}`)
  try {
    await writeDraft(draft, parts as readonly (string | Uint8Array)[])
    return await place(draft)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw unwritable(path, cause)
  }
}

/** Whether a draft was given a name that no file had. */
async function linkTo(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch((error: unknown) => {
      if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error
      // A file system without links, on which a copy is the next best: it, too, replaces nothing.
      return copyFile(draft, path, constants.COPYFILE_EXCL)
    })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

const DRAFT_END = '.tmp'

/** Of the name in that of its draft: a longer one leaves no room for the rest. */
const LONGEST_BEGINNING = 64

const draftPrefix = (path: string) => `.${basename(path).slice(0, LONGEST_BEGINNING)}.`

/** Whether a name is that of a draft of some file with this beginning, which a process that was killed has left. */
export function isDraftOf(beginning: string, name: string): boolean {
  return name.startsWith(`.${beginning}`) && name.endsWith(DRAFT_END)
}

/**
 * Removes from a folder the drafts of all files with these beginnings; no process may be writing them.
 *
 * Raises `FILE_UNWRITABLE`.
 */
export async function removeDrafts(folder: string, beginnings: readonly string[]): Promise<void> {
  try {
    const names = await readdir(folder)
    for (const draft of names.filter((name) => beginnings.some((each) => isDraftOf(each, name))))
      await rm(join(folder, draft), { force: true })
  } catch (cause) {
    throw unwritable(folder, cause)
  }
}

async function writeDraft(draft: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
  const file = await open(draft, 'wx')
  try {
    // Each part is appended to the previous one.
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

/** The error of a file or folder that cannot be written, or of what there is too little of to write any. */
export function unwritable(path: string, cause: unknown): RunError {
  const exhaustion = exhaustionOf(cause)
  if (exhaustion !== null) return exhaustion
  return new RunError({
    code: 'FILE_UNWRITABLE',
    message: `${path} cannot be written: ${cause instanceof Error ? withoutDraft(cause.message) : String(cause)}.`,
    details: { file: path },
    // A folder could not be made because a file has its name, or that of a folder above it.
    remedy: hasCode(cause, 'EEXIST', 'ENOTDIR')
      ? 'A file stands where a folder is to be: move it, or choose another name.'
      : 'Check the permissions and the free space, or choose another name.',
    cause,
  })
}

/** A message of the system without the name of the draft, which tells the user nothing. */
function withoutDraft(message: string): string {
  return message.replace(/, \w+ '[^']*\.tmp'( -> '[^']*')?$/, '')
}
