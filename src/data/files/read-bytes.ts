import { createReadStream, type Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import type { ReadingOptions } from '../recordings/reading-progress.js'

/** The bytes of a file; null if there is no such file. Raises `InputError` DATA_FILE_UNREADABLE. */
export async function bytesIfAny(file: string): Promise<Uint8Array | null> {
  try {
    // What is no file may never end, or never begin.
    requirePlainFile(file, await stat(file))
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

/** The bytes of a file, part by part. Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_CHANGED. */
export async function* readParts(file: string, { onProgress }: ReadingOptions = {}): AsyncGenerator<Uint8Array> {
  try {
    const before = await stat(file)
    requirePlainFile(file, before)
    const { size: total } = before
    let done = 0
    for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const bytes = part as Uint8Array
      yield bytes
      done += bytes.length
      onProgress?.({ done, total, unit: 'bytes' })
    }
    requireUnchanged(file, before, await stat(file))
  } catch (error) {
    // Errors thrown by the reader of the parts do not arrive here.
    throw missingFile(file, error)
  }
}

/** Raises `InputError` DATA_FILE_UNREADABLE for a folder, a pipe, a device or the like. */
export function requirePlainFile(file: string, stats: Stats): void {
  if (stats.isFile()) return
  throw new InputError({
    ...{ code: 'DATA_FILE_UNREADABLE', file, field: 'file' },
    found: `${kindOf(stats)}, which is no plain file`,
    expected: 'a file, which may be read more than once',
    remedy: stats.isDirectory() ? 'Name the file itself.' : 'Write what comes from it to a file, and name that.',
  })
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

/** Raises `InputError` DATA_FILE_CHANGED. */
export function requireUnchanged(file: string, before: Stats, now: Stats): void {
  if (now.size === before.size && now.mtimeMs === before.mtimeMs) return
  throw new InputError({
    ...{ code: 'DATA_FILE_CHANGED', file, field: 'file', found: 'another size or time of change' },
    expected: 'the file as it was when it was first read',
    remedy: 'Leave the file alone while it is in use, and start again.',
  })
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
  if (cause instanceof InputError) return cause
  const { message } = cause as Error
  const mistake = { code: 'DATA_FILE_UNREADABLE', file, field: 'file', found: message, expected: 'a readable file' }
  return exhaustionOf(cause) ?? new InputError({ ...mistake, remedy: remedyFor(cause as NodeJS.ErrnoException), cause })
}

function remedyFor({ code }: NodeJS.ErrnoException): string {
  if (code === 'EACCES' || code === 'EPERM') return 'Give yourself the right to read it.'
  if (code === 'ERR_FS_FILE_TOO_LARGE') return 'Write what it holds into several files, in one folder.'
  return 'Check the path, and the disk that it is on.'
}
