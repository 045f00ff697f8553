import { ZSTDDecoder } from 'zstddec'
import { MOST_UNPACKED, type PackedBytes, requireBytes } from './packed-bytes.js'

const MAGIC = 0xfd2fb528
/** Most bytes of a block, packed or not. */
const MOST_BLOCK = 1 << 17
const REPEATED = 1
const PACKED = 2

/** What unpacks Zstandard frames; it has to be made ready first. */
export async function openZstd(): Promise<(packed: PackedBytes) => Uint8Array> {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  return (packed) => {
    // The decoder writes into so much room and no more; nothing comes back where it found something wrong.
    const content = decoder.decode(packed.bytes, mostContent(packed))
    if (content.length === 0) throw packed.refuse('a Zstandard frame that is damaged, or empty', 0)
    return content
  }
}

/**
 * Most bytes that can be in a Zstandard frame, which all bytes belong to, by the headers of frame and blocks.
 *
 * Raises the errors of `refuse`.
 *
 * Source: Collet & Kucherawy, Zstandard compression and the application/zstd media type, RFC 8878.
 */
function mostContent(packed: PackedBytes): number {
  const { bytes, view, refuse } = packed
  const header = readHeader(packed)
  let at = header.end
  let most = 0
  for (let isLast = false; !isLast; ) {
    requireBytes(packed, at, 3, 'the header of a block')
    const word = view.getUint8(at) | (view.getUint16(at + 1, true) << 8)
    isLast = (word & 1) === 1
    const kind = (word >>> 1) & 0b11
    const size = word >>> 3
    if (kind > PACKED || size > MOST_BLOCK) throw refuse('a block of an unknown kind, or too long', at)
    at += 3 + (kind === REPEATED ? 1 : size)
    requireBytes(packed, at, 0, 'a block')
    most += kind === PACKED ? MOST_BLOCK : size
    if (most > MOST_UNPACKED) throw refuse(`perhaps more than ${MOST_UNPACKED} unpacked bytes`, at)
  }
  at += header.checkBytes
  requireBytes(packed, at, 0, 'a checksum')
  if (at < bytes.length) throw refuse('more behind the end of a frame', at)
  // For the decoder, 0 stands for what the frame says.
  return Math.max(1, most)
}

function readHeader(packed: PackedBytes): { readonly end: number; readonly checkBytes: number } {
  const { view, refuse } = packed
  requireBytes(packed, 0, 6, 'the header of a frame')
  if (view.getUint32(0, true) !== MAGIC) throw refuse('no Zstandard frame', 0)
  const flags = view.getUint8(4)
  if ((flags & 0b1011) !== 0) throw refuse('a Zstandard frame of an unknown kind, or with a dictionary', 4)
  const isSingle = (flags & 0b10_0000) !== 0
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >>> 6] as number
  const end = 5 + (isSingle ? 0 : 1) + sizeBytes
  requireBytes(packed, 0, end, 'the header of a frame')
  return { end, checkBytes: (flags & 0b100) === 0 ? 0 : 4 }
}
