import { lstat, stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import { messageOf } from '../../events/message-of.js'
import { hasCode } from '../../storage/has-code.js'
import { tryWriting } from '../../storage/try-writing.js'

/** A path of the command line, and what it has to be. */
interface WantedPath {
  readonly flag: string
  readonly path: string
  readonly expected: string
}

/**
 * Refuses a folder of the command line that can neither be written to nor made; leaves nothing behind.
 *
 * Raises `InputError` FILE_UNWRITABLE, naming the flag, also for a disk that is full.
 */
export async function requireWritableFolder(flag: string, path: string): Promise<void> {
  const wanted = { flag, path, expected: 'a folder that can be written to, or made' }
  await inTermsOf(wanted, async () => {
    // Permissions alone do not tell: file systems are read-only, or have folders that take no others.
    tryWriting(await nearestFolder(path, wanted))
  })
}

/** The same of a file, which may be there already; its folder is not made. */
export async function requireWritableFile(flag: string, path: string): Promise<void> {
  const wanted = { flag, path, expected: 'a file that can be written' }
  await inTermsOf(wanted, async () => {
    const found = await statOf(path)
    if (found !== null && !found.isFile())
      throw wrongPath(wanted, found.isDirectory() ? 'a folder' : 'what is no file', 'Choose another path.')
    const folder = dirname(path)
    if ((await nearestFolder(folder, wanted)) !== folder)
      throw wrongPath(
        wanted,
        `a path in ${folder}, a folder that is not there`,
        'Make the folder, or choose another path.',
      )
    tryWriting(folder)
  })
}

/** What is written beside a run has to lie outside of the folder that the run fills. */
export function requireOutside(flag: string, path: string, folder: string, of: string): void {
  const within = relative(resolve(folder), resolve(path))
  if (within.startsWith('..') || within.startsWith('/')) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    file: path,
    field: flag,
    found: `a path in ${folder}, which ${of} fills`,
    expected: 'a path outside of it',
    remedy: 'Choose another path.',
  })
}

async function inTermsOf(wanted: WantedPath, look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    const remedy = hasCode(cause, ...OF_DISK) ? 'Make room on the disk, or choose another path.' : CHECK_RIGHTS
    throw exhaustionOf(cause) ?? wrongPath(wanted, describeUnwritable(cause), remedy, cause)
  }
}

/** The folder itself, or the nearest above it that there is. Raises `InputError` if something else stands in the way. */
async function nearestFolder(path: string, wanted: WantedPath): Promise<string> {
  const found = await statOf(path)
  if (found?.isDirectory()) return path
  if (found !== null) throw wrongPath(wanted, LED_THROUGH_FILE, 'Choose another path.')
  // Another run may have made the folder meanwhile.
  const isLink = await lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  )
  if (isLink)
    throw wrongPath(
      wanted,
      `a link that leads nowhere (${path})`,
      'Remove the link, make what it leads to, or choose another path.',
    )
  return nearestFolder(dirname(path), wanted)
}

/** Null for what is not there. */
async function statOf(path: string) {
  return stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT') && dirname(path) !== path) return null
    throw error
  })
}

/** Those of a disk that is at fault whatever the path. */
const OF_DISK = ['ENOSPC', 'EDQUOT', 'EIO']

const CHECK_RIGHTS = 'Check the permissions, or choose another path.'
const LED_THROUGH_FILE = 'a path that leads through a file'

/** What keeps a path from being written, as what is found there. */
export function describeUnwritable(cause: unknown): string {
  if (hasCode(cause, 'ENOSPC', 'EDQUOT')) return 'a disk without room for a file'
  if (hasCode(cause, 'ENOTDIR')) return LED_THROUGH_FILE
  if (hasCode(cause, 'ENAMETOOLONG')) return 'a name that is longer than the file system allows'
  if (hasCode(cause, 'ELOOP')) return 'links that lead around in a circle'
  if (hasCode(cause, 'EACCES', 'EPERM')) return 'a place without permission to write'
  if (hasCode(cause, 'EROFS')) return 'a file system that can only be read'
  if (hasCode(cause, 'ENOENT')) return 'a place where nothing can be made'
  return messageOf(cause)
}

function wrongPath({ flag, path, expected }: WantedPath, found: string, remedy: string, cause?: unknown): InputError {
  const mistake = { code: 'FILE_UNWRITABLE', file: path, field: flag, found, expected, remedy }
  return new InputError(cause === undefined ? mistake : { ...mistake, cause })
}
