import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import type { ReadingOptions } from '../recordings/reading-progress.js'

/** The bytes of a file; null if there is no such file. Raises `InputError` DATA_FILE_UNREADABLE. */
export async function bytesIfAny(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isMissing(error)) return null
    throw unreadableFile(file, error)
  }
}

/** The bytes of a file. Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export async function readBytes(file: string): Promise<Uint8Array> {
  const bytes = await bytesIfAny(file)
  if (bytes === null) throw missingFile(file)
  return bytes
}

/** The bytes of a file, part by part. Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export async function* readParts(file: string, { onProgress }: ReadingOptions = {}): AsyncGenerator<Uint8Array> {
  try {
    const { size: total } = await stat(file)
    let done = 0
    for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const bytes = part as Uint8Array
      yield bytes
      done += bytes.length
      onProgress?.({ done, total, unit: 'bytes' })
    }
  } catch (error) {
    // What was thrown by whoever reads the parts does not come by here.
    throw missingFile(file, error)
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** The error for a file that is not there, or, by the error that came, cannot be read. */
export function missingFile(file: string, cause?: unknown): Error {
  if (cause !== undefined && !isMissing(cause)) return unreadableFile(file, cause)
  const mistake = { code: 'DATA_FILE_MISSING', file, field: 'file', found: 'no such file', expected: 'a file' }
  return new InputError({ ...mistake, remedy: 'Check the path.' })
}

export function unreadableFile(file: string, cause: unknown): Error {
  const { message } = cause as Error
  const mistake = { code: 'DATA_FILE_UNREADABLE', file, field: 'file', found: message, expected: 'a readable file' }
  return exhaustionOf(cause) ?? new InputError({ ...mistake, cause })
}
