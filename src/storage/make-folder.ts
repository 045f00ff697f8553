import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from './has-code.js'

/**
 * Makes a folder and those it lies in, as far as they are missing.
 *
 * One by one: asked to do so by itself, the platform never returns where a folder cannot have others, such as /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeLast(path)
  } catch (error) {
    const parent = dirname(path)
    if (parent === path || !hasCode(error, 'ENOENT')) throw error
    await makeFolder(parent)
    await makeLast(path)
  }
}

async function makeLast(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const isThere = hasCode(error, 'EEXIST') && (await stat(path)).isDirectory()
    if (!isThere) throw error
  }
}
