import { mkdir, rmdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from './has-code.js'

/**
 * Makes a folder and those it lies in, as far as they are missing; resolves to those that were made, the outermost first.
 *
 * One by one: asked to do so by itself, the platform never returns where a folder cannot have others, such as /proc.
 */
export async function makeFolder(path: string): Promise<readonly string[]> {
  try {
    return await makeLast(path)
  } catch (error) {
    const parent = dirname(path)
    if (parent === path || !hasCode(error, 'ENOENT')) throw error
    const made = await makeFolder(parent)
    return [...made, ...(await makeLast(path))]
  }
}

async function makeLast(path: string): Promise<readonly string[]> {
  try {
    await mkdir(path)
    return [path]
  } catch (error) {
    const isThere = hasCode(error, 'EEXIST') && (await stat(path)).isDirectory()
    if (!isThere) throw error
    return []
  }
}

/** Removes folders that were made for nothing, the innermost first, as far as they are empty. */
export async function removeMade(made: readonly string[]): Promise<void> {
  try {
    for (const folder of made.toReversed()) await rmdir(folder)
  } catch {
    // Something lies in it by now.
  }
}
