import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** As small as a file may be that is told from none on a disk that is full. */
const BYTES = 4096

/** Writes a file to a folder, up to the disk, and removes it. Raises what the system says if it cannot. */
export async function tryWriting(folder: string): Promise<void> {
  const path = join(folder, `.antidrome-${randomUUID()}`)
  const file = await open(path, 'wx')
  // At once where the system lets it go: a process that is killed meanwhile leaves nothing.
  await rm(path, { force: true }).catch(() => undefined)
  try {
    await file.writeFile(new Uint8Array(BYTES))
    await file.sync()
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
}
