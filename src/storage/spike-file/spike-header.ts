import { checksum } from '../../streams/wire/checksum.js'
import { padded } from '../../streams/wire/message-size.js'
import type { UnitWidth } from '../../streams/wire/spikes-payload.js'

const SPIKE_FILE_VERSION = 1

/** Bytes before the name of the group. */
export const HEADER_FIXED = 32
const MAGIC = 0x53544e41
const CHECKSUM_AT = 24
const MILLISECONDS = 0
const LONGEST_NAME = 1000

/** What a spike file says of itself. */
export interface SpikeHeader {
  readonly group: string
  readonly size: number
}

/**
 * The bytes a spike file begins with, little-endian:
 *
 *     byte 0 "ANTS"                      8 u32 bytes of this header      16 u32 bytes of the name   28 u32 0
 *          4 u16 version                12 u32 units of the group       20 u32 0                    32 the name in UTF-8,
 *          6 u8 bytes per unit                                          24 u32 checksum                padded with 0 to a
 *          7 u8 unit of time: 0, ms                                                                    multiple of 8
 */
export function encodeSpikeHeader({ group, size }: SpikeHeader): Uint8Array {
  const name = new TextEncoder().encode(group)
  const bytes = new Uint8Array(HEADER_FIXED + padded(name.length))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, SPIKE_FILE_VERSION, true)
  view.setUint8(6, unitWidth(size))
  view.setUint8(7, MILLISECONDS)
  view.setUint32(8, bytes.length, true)
  view.setUint32(12, size, true)
  view.setUint32(16, name.length, true)
  bytes.set(name, HEADER_FIXED)
  view.setUint32(CHECKSUM_AT, checksum(bytes, CHECKSUM_AT), true)
  return bytes
}

/** The least that holds every unit of a group. */
export function unitWidth(size: number): UnitWidth {
  return size <= 1 << 8 ? 1 : size <= 1 << 16 ? 2 : 4
}

/** The length of a header from its first `HEADER_FIXED` bytes; a text says what is wrong with them. */
export function headerLength(bytes: Uint8Array): number | string {
  if (bytes.length < HEADER_FIXED) return `${bytes.length} bytes`
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== MAGIC) return 'bytes that are no spike file'
  const version = view.getUint16(4, true)
  if (version !== SPIKE_FILE_VERSION) return `version ${version}, expected ${SPIKE_FILE_VERSION}`
  const [length, name] = [view.getUint32(8, true), view.getUint32(16, true)]
  if (name > LONGEST_NAME || length !== HEADER_FIXED + padded(name)) return 'a damaged header'
  return length
}

/** A whole header; a text says what is wrong with it. */
export function decodeSpikeHeader(bytes: Uint8Array): SpikeHeader | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(CHECKSUM_AT, true) !== checksum(bytes, CHECKSUM_AT)) return 'a damaged header'
  const end = HEADER_FIXED + view.getUint32(16, true)
  return { group: new TextDecoder().decode(bytes.subarray(HEADER_FIXED, end)), size: view.getUint32(12, true) }
}
