import { hasCode } from './has-code.js'
import { openRegular } from './regular-file.js'
import { unwritable } from './write-atomically.js'

const BYTES = 256

/**
 * The first characters of a file that is to be replaced; null if there is none.
 *
 * Raises `RunError` FILE_UNWRITABLE for what cannot be read.
 */
export async function beginningOfFile(path: string): Promise<string | null> {
  try {
    const file = await openRegular(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BYTES), 0, BYTES, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw unwritable(path, error)
  }
}
