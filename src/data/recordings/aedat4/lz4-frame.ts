import { int64At } from './flat-table.js'
import { MOST_UNPACKED, type PackedBytes, requireBytes } from './packed-bytes.js'

const P1 = 0x9e3779b1

const P2 = 0x85ebca77

const P3 = 0xc2b2ae3d

const P4 = 0x27d4eb2f

const P5 = 0x165667b1

/** XXH32 with seed 0, by which LZ4 frames are checked. Source: Collet, xxHash fast digest algorithm. */
export function xxh32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const { length } = bytes
  let at = 0
  let hash: number = P5
  if (length >= 16) {
    const lanes: [number, number, number, number] = [(P1 + P2) | 0, P2 | 0, 0, -P1 | 0]
    for (; at + 16 <= length; at += 16)
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = Math.imul(
          rotated((lanes[lane] as number) + Math.imul(view.getUint32(at + 4 * lane, true), P2), 13),
          P1,
        )
    hash = (rotated(lanes[0], 1) + rotated(lanes[1], 7) + rotated(lanes[2], 12) + rotated(lanes[3], 18)) | 0
  }
  hash = (hash + length) | 0
  for (; at + 4 <= length; at += 4) hash = Math.imul(rotated(hash + Math.imul(view.getUint32(at, true), P3), 17), P4)
  for (; at < length; at++) hash = Math.imul(rotated(hash + Math.imul(view.getUint8(at), P5), 11), P1)
  hash = Math.imul(hash ^ (hash >>> 15), P2)
  hash = Math.imul(hash ^ (hash >>> 13), P3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

const LEAST_MATCH = 4
/** A length of 4 bits continues in further bytes if all its bits are set. */
const GOES_ON = 15

/**
 * Unpacks an LZ4 block: sequences of a byte with two lengths, the literal bytes, and how far back to copy how many
 * from. The last has no copy.
 *
 * Raises the errors of `refuse`.
 *
 * @param block where it begins and ends
 * @param used bytes of `room`, to which copies may go back
 * @param most bytes that may be used in the end
 * @returns bytes that are used in the end
 * Source: Collet, LZ4 block format.
 */
function unpackLz4Block(
  { bytes, refuse }: PackedBytes,
  { start, end }: { readonly start: number; readonly end: number },
  room: Uint8Array,
  used: number,
  most: number,
): number {
  let at = start
  let to = used
  const lengthOf = (bits: number): number => {
    let length = bits
    for (let more = bits === GOES_ON ? 255 : 0; more === 255; length += more) {
      if (at >= end) throw refuse('the end of a block in a length', at)
      more = bytes[at++] as number
    }
    return length
  }
  const requireRoom = (length: number) => {
    if (to + length > most) throw refuse('a block that is longer than it may be', at)
  }
  for (;;) {
    if (at >= end) throw refuse('the end of a block before a sequence', at)
    const token = bytes[at++] as number
    const literals = lengthOf(token >>> 4)
    if (at + literals > end) throw refuse('the end of a block in a sequence', at)
    requireRoom(literals)
    for (const last = at + literals; at < last; ) room[to++] = bytes[at++] as number
    if (at === end) return to
    if (at + 2 > end) throw refuse('the end of a block in a copy', at)
    const back = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
    at += 2
    if (back === 0 || back > to) throw refuse(`a copy from ${back} bytes before`, at - 2)
    const length = LEAST_MATCH + lengthOf(token & GOES_ON)
    requireRoom(length)
    for (const last = to + length; to < last; to++) room[to] = room[to - back] as number
  }
}

const MAGIC = 0x184d2204
/** Of the magic number, flags and block size. */
const FIRST_BYTES = 6
/** Most bytes of a block, by the number of it in the header. */
const BLOCK_BYTES: readonly number[] = [0, 0, 0, 0, 1 << 16, 1 << 18, 1 << 20, 1 << 22]
/** Of the size of a block: it is not packed. */
const STORED = 2 ** 31

interface FrameHeader {
  readonly mostBlock: number
  readonly hasBlockChecks: boolean
  readonly hasCheck: boolean
  /** Bytes in it, where that is said. */
  readonly content: number | null
  readonly end: number
}

interface Block {
  readonly isPacked: boolean
  readonly start: number
  readonly end: number
}

/**
 * Unpacks one LZ4 frame, which all bytes belong to. Blocks may look back into those before them; every checksum that is
 * there must be right.
 *
 * Raises the errors of `refuse`.
 *
 * Source: Collet, LZ4 frame format 1.6.3.
 */
export function unpackLz4Frame(packed: PackedBytes): Uint8Array {
  const { bytes, refuse } = packed
  const header = readHeader(packed)
  const most = header.content ?? MOST_UNPACKED
  let room = new Uint8Array(header.content ?? Math.min(MOST_UNPACKED, 4 * bytes.length))
  let used = 0
  let at = header.end
  for (let block = readBlock(packed, header, at); block !== null; block = readBlock(packed, header, at)) {
    room = withRoom(room, used, Math.min(most, used + header.mostBlock))
    used = unpackBlock(packed, block, room, used, header.mostBlock)
    at = block.end
    if (header.hasBlockChecks) at = requireCheck(packed, at, bytes.subarray(block.start, block.end), 'a block')
  }
  at += 4
  const content = room.subarray(0, used)
  if (header.hasCheck) at = requireCheck(packed, at, content, 'its content')
  if (header.content !== null && header.content !== used)
    throw refuse(`${used} bytes where ${header.content} are said to be`, at)
  if (at !== bytes.length) throw refuse('more behind the end of a frame', at)
  return content
}

function readHeader(packed: PackedBytes): FrameHeader {
  const { bytes, view, refuse } = packed
  requireBytes(packed, 0, FIRST_BYTES + 1, 'the header of a frame')
  if (view.getUint32(0, true) !== MAGIC) throw refuse('no LZ4 frame', 0)
  const [flags, sizes] = [view.getUint8(4), view.getUint8(5)]
  const mostBlock = BLOCK_BYTES[(sizes >>> 4) & 7] as number
  const isKnown = flags >>> 6 === 1 && (flags & 0b11) === 0 && (sizes & 0b1000_1111) === 0
  if (!isKnown || mostBlock === 0) throw refuse('an LZ4 frame of an unknown kind, or with a dictionary', 4)
  const hasContent = (flags & 0b1000) !== 0
  const end = FIRST_BYTES + (hasContent ? 8 : 0) + 1
  requireBytes(packed, 0, end, 'the header of a frame')
  if (((xxh32(bytes.subarray(4, end - 1)) >>> 8) & 0xff) !== view.getUint8(end - 1))
    throw refuse('a header whose checksum is wrong', 4)
  const content = hasContent ? int64At(view, FIRST_BYTES) : null
  if (content !== null && !(content >= 0 && content <= MOST_UNPACKED))
    throw refuse(`${content} unpacked bytes`, FIRST_BYTES)
  return { mostBlock, hasBlockChecks: (flags & 0b1_0000) !== 0, hasCheck: (flags & 0b100) !== 0, content, end }
}

/** Null for the mark behind the last. */
function readBlock(packed: PackedBytes, { mostBlock }: FrameHeader, at: number): Block | null {
  requireBytes(packed, at, 4, 'the size of a block')
  const word = packed.view.getUint32(at, true)
  if (word === 0) return null
  const length = word % STORED
  if (length > mostBlock) throw packed.refuse(`a block of ${length} bytes`, at)
  requireBytes(packed, at + 4, length, 'a block')
  return { isPacked: word < STORED, start: at + 4, end: at + 4 + length }
}

function unpackBlock(packed: PackedBytes, block: Block, room: Uint8Array, used: number, mostBlock: number): number {
  const { isPacked, start, end } = block
  if (isPacked) return unpackLz4Block(packed, block, room, used, Math.min(room.length, used + mostBlock))
  if (used + end - start > room.length) throw packed.refuse(`more than ${room.length} unpacked bytes`, start)
  room.set(packed.bytes.subarray(start, end), used)
  return used + end - start
}

function withRoom(room: Uint8Array<ArrayBuffer>, used: number, least: number): Uint8Array<ArrayBuffer> {
  if (least <= room.length) return room
  const wider = new Uint8Array(Math.min(MOST_UNPACKED, Math.max(least, 2 * room.length)))
  wider.set(room.subarray(0, used))
  return wider
}

function requireCheck(packed: PackedBytes, at: number, bytes: Uint8Array, what: string): number {
  requireBytes(packed, at, 4, 'a checksum')
  if (packed.view.getUint32(at, true) !== xxh32(bytes)) throw packed.refuse(`a wrong checksum of ${what}`, at)
  return at + 4
}
