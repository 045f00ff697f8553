import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from './has-code.js'

/** Size of the smallest file whose writing fails on a full disk. */
const BYTES = 4096

/** Writes a file to a folder, up to the disk, and removes it. Raises what the system says if it cannot. */
export function tryWriting(folder: string): void {
  const path = join(folder, `.antidrome-${randomUUID()}`)
  const file = openSync(path, 'wx')
  try {
    // Without a pause, where the system lets it go: a process that is killed meanwhile leaves nothing.
    removeOpen(path)
    writeSync(file, new Uint8Array(BYTES))
    fsyncSync(file)
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}

/** Not every system removes a file that is open. */
function removeOpen(path: string): void {
  try {
    rmSync(path)
  } catch (error) {
    if (!hasCode(error, 'EBUSY', 'EPERM', 'EACCES')) throw error
  }
}
