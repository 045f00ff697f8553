import type { PackedBytes } from './packed-bytes.js'

const LEAST_MATCH = 4
/** A length of 4 bits goes on in further bytes if it has them all. */
const GOES_ON = 15

/**
 * Unpacks an LZ4 block: sequences of a byte with two lengths, so many bytes as they are, and how far back to copy how many
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
export function unpackLz4Block(
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
