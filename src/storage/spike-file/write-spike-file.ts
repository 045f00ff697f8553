import { type FileHandle, open, rm } from 'node:fs/promises'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { unwritable } from '../write-atomically.js'
import { openSpikeFile } from './read-spike-file.js'
import { encodeSpikeBlock } from './spike-block.js'
import { encodeSpikeHeader, type SpikeHeader, unitWidth } from './spike-header.js'

/** A spike file, open for writing block after block. */
export interface SpikeFileWriter {
  readonly path: string
  /**
   * Adds a block.
   *
   * Raises `RunError` FILE_UNWRITABLE, also if the disk is full; then the file ends with the block before.
   */
  append(window: Window, trains: SpikeTrains): Promise<void>
  /** Resolves once everything is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Where writing continues in a file: behind its last byte to keep, with the next block's number. */
interface WritingPlace {
  readonly end: number
  readonly blocks: number
}

/** Creates a spike file, or replaces one. Raises `RunError` FILE_UNWRITABLE. */
export async function createSpikeFile(path: string, header: SpikeHeader): Promise<SpikeFileWriter> {
  const bytes = encodeSpikeHeader(header)
  // The entry is removed, not opened: it may be a link, or a pipe without a reader.
  await attempt(path, () => rm(path, { force: true }))
  const file = await openFor(path, 'wx', (opened) => writeAt(opened, bytes, 0))
  return createWriter(file, path, header, { end: bytes.length, blocks: 0 })
}

/**
 * Opens a spike file to go on at `time` ms: what was written beyond is cut off, a torn block with it.
 *
 * Raises `InputError` RECORDING_SHORT if no block ends there; `RunError` FILE_UNWRITABLE.
 */
export async function continueSpikeFile(path: string, time: number): Promise<SpikeFileWriter> {
  const { header, place } = await placeAt(path, time)
  const file = await openFor(path, 'r+', (opened) => opened.truncate(place.end))
  return createWriter(file, path, header, place)
}

async function placeAt(path: string, time: number): Promise<{ header: SpikeHeader; place: WritingPlace }> {
  await using reader = await openSpikeFile(path)
  const { header, start } = reader
  if (time === 0) return { header, place: { end: start, blocks: 0 } }
  let reached = 0
  for await (const { window, number, end } of reader.blocks()) {
    reached = window.end
    if (reached === time) return { header, place: { end, blocks: number + 1 } }
    if (reached > time) break
  }
  throw new InputError({
    code: 'RECORDING_SHORT',
    file: path,
    field: 'blocks',
    found: `a block that ends at ${reached} ms`,
    expected: `one that ends at ${time} ms, where the run resumes`,
    remedy: 'Resume with the recording that belongs to the checkpoint, or record again.',
  })
}

function createWriter(
  file: FileHandle,
  path: string,
  { size }: SpikeHeader,
  { end, blocks }: WritingPlace,
): SpikeFileWriter {
  const width = unitWidth(size)
  let place = end
  let number = blocks
  return {
    path,
    async append(window, trains) {
      const bytes = encodeSpikeBlock({ number, window, trains }, width)
      try {
        await writeAt(file, bytes, place)
      } catch (cause) {
        // Cuts off the part that did not fit.
        await file.truncate(place).catch(() => undefined)
        throw unwritable(path, cause)
      }
      place += bytes.length
      number++
    },
    sync: () => attempt(path, () => file.sync()),
    close: () => file.close(),
  }
}

/** Opens a file and does the first thing with it; if that fails, nothing is open. */
function openFor(path: string, flags: 'wx' | 'r+', begin: (file: FileHandle) => Promise<void>): Promise<FileHandle> {
  return attempt(path, async () => {
    const file = await open(path, flags)
    try {
      await begin(file)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  })
}

async function writeAt(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

async function attempt<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    throw unwritable(path, cause)
  }
}
