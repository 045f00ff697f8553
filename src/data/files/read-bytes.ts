import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'

/** The bytes of a file; null if there is no such file. Raises `InputError` DATA_FILE_UNREADABLE. */
export async function bytesIfAny(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isMissing(error)) return null
    throw unreadable(file, error)
  }
}

/** The bytes of a file. Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export async function readBytes(file: string): Promise<Uint8Array> {
  const bytes = await bytesIfAny(file)
  if (bytes === null) throw missing(file)
  return bytes
}

/** The bytes of a file, part by part. Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export async function* readParts(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) yield part as Uint8Array
  } catch (error) {
    // What was thrown by whoever reads the parts does not come by here.
    throw isMissing(error) ? missing(file) : unreadable(file, error)
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function missing(file: string): InputError {
  const remedy = 'Check the path.'
  return new InputError({
    ...{ code: 'DATA_FILE_MISSING', file, field: 'file', found: 'no such file', expected: 'a file', remedy },
  })
}

function unreadable(file: string, cause: unknown): Error {
  const { message } = cause as Error
  const mistake = { code: 'DATA_FILE_UNREADABLE', file, field: 'file', found: message, expected: 'a readable file' }
  return exhaustionOf(cause) ?? new InputError({ ...mistake, cause })
}
