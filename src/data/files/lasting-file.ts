import { closeSync, fstatSync, openSync } from 'node:fs'
import { InputError } from '../../events/errors.js'
import type { ByteSource } from '../recordings/bytes/byte-source.js'
import { fillFrom, plainFileStats, reading } from './file-bytes.js'

/** Small reads are answered from pages, so many of which are kept. */
const PAGE_BYTES = 1 << 14
const PAGES = 16

/**
 * The bytes of a file that is read now and then, for as long as somebody wants to: it is open while it is read alone, and
 * must stay as it is.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE; `read` also DATA_FILE_CHANGED, DATA_FILE_DAMAGED.
 */
export function lastingFile(file: string): ByteSource {
  const { size, mtimeMs } = whileOpen(file, (descriptor) => plainFileStats(file, descriptor))
  const pages = new Map<number, Uint8Array>()

  const readNow = (position: number, length: number): Uint8Array =>
    whileOpen(file, (descriptor) => {
      const now = fstatSync(descriptor)
      if (now.size !== size || now.mtimeMs !== mtimeMs) throw changed(file)
      const bytes = new Uint8Array(length)
      fillFrom({ file, descriptor, size }, position, bytes)
      return bytes
    })

  const page = (number: number): Uint8Array => {
    const kept = pages.get(number)
    if (kept !== undefined) return kept
    const start = number * PAGE_BYTES
    const bytes = readNow(start, Math.min(PAGE_BYTES, size - start))
    for (const oldest of pages.keys()) if (pages.size >= PAGES) pages.delete(oldest)
    pages.set(number, bytes)
    return bytes
  }

  const read = (position: number, length: number): Uint8Array => {
    const number = Math.floor(position / PAGE_BYTES)
    const start = position - number * PAGE_BYTES
    if (length === 0 || start + length > PAGE_BYTES) return readNow(position, length)
    return page(number).subarray(start, start + length)
  }
  return { file, size, read }
}

function whileOpen<Result>(file: string, work: (descriptor: number) => Result): Result {
  return reading(file, () => {
    const descriptor = openSync(file, 'r')
    try {
      return work(descriptor)
    } finally {
      closeSync(descriptor)
    }
  })
}

function changed(file: string): InputError {
  return new InputError({
    ...{ code: 'DATA_FILE_CHANGED', file, field: 'file', found: 'another size or time of change' },
    expected: 'the file as it was when it was first read',
    remedy: 'Leave the file alone while it is in use, and start again.',
  })
}
