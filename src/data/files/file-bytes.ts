import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { InputError } from '../../events/errors.js'
import { type ByteSource, SLICE_BYTES } from '../recordings/bytes/byte-source.js'
import { damagedFile } from '../recordings/file-errors.js'
import { missingFile, requirePlainFile, requireUnchanged } from './read-bytes.js'

/**
 * Lets `work` read a file by slices; the file is closed when it is done.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED where it became shorter meanwhile,
 * DATA_FILE_CHANGED where it is another one in the end, and what `work` raises.
 */
export function withFileBytes<Result>(file: string, work: (source: ByteSource) => Result): Result {
  const { descriptor, stats } = reading(file, () => openPlainFile(file))
  try {
    const { size } = stats
    const result = work({ file, size, read: sliceReader(file, descriptor, size) })
    reading(file, () => requireUnchanged(file, stats, fstatSync(descriptor)))
    return result
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Opens a file to read, and says what it is. Raises `InputError` DATA_FILE_UNREADABLE for a folder, a pipe or the like, and the
 * errors of the system.
 */
export function openPlainFile(file: string): { readonly descriptor: number; readonly stats: Stats } {
  // Opening a pipe waits for a writer.
  requirePlainFile(file, statSync(file))
  const descriptor = openSync(file, 'r')
  return { descriptor, stats: fstatSync(descriptor) }
}

function sliceReader(file: string, descriptor: number, size: number): ByteSource['read'] {
  let room = new Uint8Array(Math.min(size, SLICE_BYTES))
  return (position, length) => {
    if (length > room.length) room = new Uint8Array(length)
    const bytes = room.subarray(0, length)
    reading(file, () => fillFrom({ file, descriptor, size }, position, bytes))
    return bytes
  }
}

/** An open file, and the bytes that it had at first. */
interface OpenFile {
  readonly file: string
  readonly descriptor: number
  readonly size: number
}

/** Fills `bytes` from a position on. Raises `InputError` DATA_FILE_DAMAGED where the file became shorter meanwhile. */
export function fillFrom({ file, descriptor, size }: OpenFile, position: number, bytes: Uint8Array): void {
  for (let read = 0; read < bytes.length; ) {
    const more = readSync(descriptor, bytes, read, bytes.length - read, position + read)
    if (more === 0) throw damagedFile({ file, field: `byte ${position + read}`, found: 'its end' }, `${size} bytes`)
    read += more
  }
}

/** The errors of the system as those of the package. Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export function reading<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof InputError ? error : missingFile(file, error)
  }
}
