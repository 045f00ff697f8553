import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** Something that is no file has the name of one: a pipe, a device, a folder. */
export class NotAFile extends Error {
  override readonly name = 'NotAFile'

  constructor(path: string) {
    super(`${path} is no file`)
  }
}

/**
 * Opens a file for reading in a folder where others may have put anything under its name. It never blocks: opening a
 * pipe without a writer would wait forever.
 *
 * Raises `NotAFile`, and what opening raises.
 */
export async function openRegular(path: string): Promise<FileHandle> {
  // Not every system knows the flag.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    if ((await file.stat()).isFile()) return file
    throw new NotAFile(path)
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The bytes of such a file. */
export async function readRegular(path: string): Promise<Buffer> {
  const file = await openRegular(path)
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}
