import type { FileHandle } from 'node:fs/promises'
import { InputError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import { messageOf } from '../../events/message-of.js'
import { noSpikes } from '../../events/no-spikes.js'
import { openRegular } from '../regular-file.js'
import { BLOCK_FIXED, decodeBlockHead, decodeSpikeBlock, encodeSpikeBlock, type SpikeBlock } from './spike-block.js'
import { decodeSpikeHeader, HEADER_FIXED, headerLength, type SpikeHeader, unitWidth } from './spike-header.js'

/** A block and where it ends in its file. */
export interface StoredBlock extends SpikeBlock {
  readonly end: number
}

/** A spike file, open for reading; it may still grow. */
export interface SpikeFileReader extends AsyncDisposable {
  readonly path: string
  readonly header: SpikeHeader
  /** Where the first block begins. */
  readonly start: number
  /**
   * The blocks, one at a time, up to the last whole one: a last block that was cut short, by a process that was killed or
   * a power failure, is passed over.
   *
   * Raises `InputError` FILE_DAMAGED, with the place, for a damaged block with others behind it.
   */
  blocks(): AsyncGenerator<StoredBlock, void>
  close(): Promise<void>
}

/** Raises `InputError` FILE_UNREADABLE, and FILE_DAMAGED for what does not begin as a spike file. */
export async function openSpikeFile(path: string): Promise<SpikeFileReader> {
  const file = await openRegular(path).catch((cause: unknown) => {
    const found = messageOf(cause)
    const remedy = 'Check the path and the permissions.'
    const mistake = {
      code: 'FILE_UNREADABLE',
      file: path,
      field: 'file',
      found,
      expected: 'a spike file',
      remedy,
      cause,
    }
    throw exhaustionOf(cause) ?? new InputError(mistake)
  })
  try {
    const { header, start } = await readHeader(file, path)
    const blocks = () => readBlocks(file, { path, header, start })
    const close = () => file.close()
    return { path, header, start, blocks, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readHeader(file: FileHandle, path: string) {
  const length = headerLength(await readAt(file, 0, HEADER_FIXED))
  if (typeof length === 'string') throw damaged(path, 0, length)
  const bytes = await readAt(file, 0, length)
  const header = bytes.length < length ? 'a header that is cut short' : decodeSpikeHeader(bytes)
  if (typeof header === 'string') throw damaged(path, 0, header)
  return { header, start: length }
}

async function* readBlocks(
  file: FileHandle,
  { path, header, start }: Pick<SpikeFileReader, 'path' | 'header' | 'start'>,
): AsyncGenerator<StoredBlock, void> {
  const width = unitWidth(header.size)
  let at = start
  for (let number = 0; ; number++) {
    const { size } = await file.stat()
    const head = decodeBlockHead(await readAt(file, at, BLOCK_FIXED), width)
    const end = at + (head?.length ?? 0)
    const block = head === null || end > size ? null : decodeSpikeBlock(await readAt(file, at, head.length), width)
    if (block === null) {
      if (!(await isFollowed(file, at, size, number))) return
      throw damaged(path, at, head === null ? 'bytes that begin no block' : 'a block with a wrong checksum')
    }
    if (block.number !== number) throw damaged(path, at, `block ${block.number} in the place of block ${number}`)
    yield { ...block, end }
    at = end
  }
}

/**
 * Whether the block after the bad one at `from` is somewhere behind it. Else the bad one is the last, and was cut short:
 * by the end of the file, or by zeros, as a power failure may leave them.
 */
async function isFollowed(file: FileHandle, from: number, size: number, number: number): Promise<boolean> {
  const next = encodeSpikeBlock({ number: number + 1, window: { start: 0, end: 0 }, trains: noSpikes(1) }, 1).subarray(
    0,
    8,
  )
  const piece = 1 << 16
  for (let at = from; at < size; at += piece) {
    const bytes = await readAt(file, at, Math.min(piece, size - at))
    for (let k = 0; k + next.length <= bytes.length; k += next.length)
      if (next.every((byte, place) => bytes[k + place] === byte)) return true
  }
  return false
}

/** Fewer bytes at the end of the file. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

function damaged(file: string, at: number, found: string): InputError {
  return new InputError({
    code: 'FILE_DAMAGED',
    file,
    field: `byte ${at}`,
    found,
    expected: 'a spike file as it was written',
    remedy: 'Restore the file from a copy, or record again.',
  })
}
