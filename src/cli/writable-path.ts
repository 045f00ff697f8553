import { mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../events/errors.js'
import { exhaustionOf } from '../events/exhaustion.js'
import { hasCode } from '../storage/has-code.js'
import { unwritable } from '../storage/write-atomically.js'

/**
 * Refuses a folder of the command line that can neither be written to nor made; leaves nothing behind.
 *
 * Raises `InputError` FILE_UNWRITABLE, naming the flag; `RunError` FILE_UNWRITABLE for a disk that is full.
 */
export async function requireWritableFolder(flag: string, path: string): Promise<void> {
  await requireRoom(flag, path, { within: path, expected: 'a folder that can be written to, or made' })
}

/** The same of a file, which may be there already. */
export async function requireWritableFile(flag: string, path: string): Promise<void> {
  const expected = 'a file that can be written'
  const found = await stat(path).catch(() => null)
  if (found !== null && !found.isFile())
    throw wrongPath(flag, { path, expected, found: found.isDirectory() ? 'a folder' : 'what is no file' })
  await requireRoom(flag, path, { within: dirname(path), expected })
}

async function requireRoom(
  flag: string,
  path: string,
  { within, expected }: { readonly within: string; readonly expected: string },
): Promise<void> {
  try {
    const folder = await nearestFolder(within)
    if (folder === null) throw wrongPath(flag, { path, expected, found: LED_THROUGH_FILE })
    // Permissions alone do not tell: file systems are read-only, or have folders that take no others.
    await rmdir(await mkdtemp(join(folder, '.antidrome-')))
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw (
      exhaustionOf(cause) ??
      (hasCode(cause, ...OF_DISK) ? unwritable(path, cause) : pathUnwritable(flag, path, expected, cause))
    )
  }
}

/** The folder itself, or the nearest above it that there is; null if something else stands in the way. */
async function nearestFolder(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? path : null
  } catch (error) {
    const parent = dirname(path)
    if (hasCode(error, 'ENOTDIR')) return null
    if (!hasCode(error, 'ENOENT') || parent === path) throw error
    return nearestFolder(parent)
  }
}

/** Those of a disk that is at fault whatever the path. */
const OF_DISK = ['ENOSPC', 'EDQUOT', 'EIO']

const LED_THROUGH_FILE = 'a path that leads through a file'

function pathUnwritable(flag: string, path: string, expected: string, cause: unknown): InputError {
  return wrongPath(flag, { path, expected, found: describe(cause), cause })
}

function describe(cause: unknown): string {
  if (hasCode(cause, 'EACCES', 'EPERM')) return 'a place without permission to write'
  if (hasCode(cause, 'EROFS')) return 'a file system that can only be read'
  if (hasCode(cause, 'ENOENT')) return 'a place where nothing can be made'
  return cause instanceof Error ? cause.message : String(cause)
}

function wrongPath(
  flag: string,
  {
    path,
    ...rest
  }: { readonly path: string; readonly found: string; readonly expected: string; readonly cause?: unknown },
): InputError {
  const remedy = 'Check the permissions, or choose another path.'
  return new InputError({ code: 'FILE_UNWRITABLE', file: path, field: flag, remedy, ...rest })
}
