import { closeSync, fstatSync } from 'node:fs'
import type { ByteSource } from '../recordings/bytes/byte-source.js'
import { fillFrom, openPlainFile, reading } from './file-bytes.js'
import { requireUnchanged } from './read-bytes.js'

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
  const before = whileOpen(file, (descriptor) => fstatSync(descriptor))
  const { size } = before
  const pages = new Map<number, Uint8Array>()

  const readNow = (position: number, length: number): Uint8Array =>
    whileOpen(file, (descriptor) => {
      requireUnchanged(file, before, fstatSync(descriptor))
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
    const { descriptor } = openPlainFile(file)
    try {
      return work(descriptor)
    } finally {
      closeSync(descriptor)
    }
  })
}
