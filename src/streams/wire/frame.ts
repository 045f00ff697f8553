import { checksum } from './checksum.js'
import { corrupt, FrameFault } from './frame-fault.js'

export const FRAME_KINDS = [
  'hello',
  'heartbeat',
  'spikes',
  'gradients',
  'vector',
  'value',
  'credit',
  'error',
  'close',
  'listeners',
] as const

/** Numbered from 1 on the wire, in this order. */
export type FrameKind = (typeof FRAME_KINDS)[number]

const MESSAGE_KINDS: ReadonlySet<FrameKind> = new Set(['spikes', 'gradients', 'vector', 'listeners', 'value'])

/** Version of the protocol: of everything behind the header. The header itself never changes. */
export const PROTOCOL_VERSION = 3

export const HEADER_BYTES = 24

/** Largest payload of a frame that keeps the link itself going; such frames are never cut. */
export const MOST_CONTROL_BYTES = 1 << 16

/** Reads "ANTD" byte by byte. */
const MAGIC = 0x44544e41
const MORE = 1
const CHECKSUM_AT = 20

export interface FrameHeader {
  readonly kind: FrameKind
  /** Further fragments of the same message follow. */
  readonly more: boolean
  /** Number of the frame in its direction of the link, modulo 2^32. */
  readonly sequence: number
  /** Number of the run; 0 where there is none. */
  readonly run: number
}

export interface Frame extends FrameHeader {
  /** Protocol version of the sender; only a hello may have another than ours. */
  readonly version: number
  /** Starts at a multiple of 8 in its buffer. */
  readonly payload: Uint8Array
}

/**
 * Writes the header of a frame whose payload is in place.
 *
 *     byte   0 u32 magic "ANTD"       8 u32 payload bytes     16 u32 run
 *            4 u8  version           12 u32 sequence          20 u32 checksum of all but itself
 *            5 u8  kind
 *            6 u16 flags (1: more fragments follow)
 *
 * All little-endian. A big-endian machine cannot read the payloads of others; its checksums differ.
 *
 * @param frame has a buffer of its own: 24 bytes for the header, then the payload
 */
export function sealFrame(frame: Uint8Array, { kind, more, sequence, run }: FrameHeader): void {
  const view = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, PROTOCOL_VERSION)
  view.setUint8(5, FRAME_KINDS.indexOf(kind) + 1)
  view.setUint16(6, more ? MORE : 0, true)
  view.setUint32(8, frame.byteLength - HEADER_BYTES, true)
  view.setUint32(12, sequence, true)
  view.setUint32(16, run, true)
  view.setUint32(CHECKSUM_AT, checksum(frame, CHECKSUM_AT), true)
}

/**
 * Reads a frame, which may hold anything.
 *
 * @param most largest payload in bytes of a frame that carries a message
 * @throws FrameFault LINK_FRAME_TRUNCATED, LINK_FRAME_OVERSIZED, LINK_FRAME_CORRUPT, LINK_PROTOCOL_VERSION
 */
export function openFrame(bytes: Uint8Array, most: number): Frame {
  const size = bytes.byteLength - HEADER_BYTES
  if (size < 0) throw new FrameFault('LINK_FRAME_TRUNCATED', `a frame of ${bytes.byteLength} bytes has no header`)
  const limit = Math.max(most, MOST_CONTROL_BYTES)
  if (size > limit) throw oversized(size, limit)
  const frame = alignedBytes(bytes)
  const view = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES)
  if (view.getUint32(0, true) !== MAGIC) throw corrupt('a frame does not begin with "ANTD"')
  const declared = view.getUint32(8, true)
  if (declared > limit) throw oversized(declared, limit)
  if (declared > size)
    throw new FrameFault('LINK_FRAME_TRUNCATED', `a frame has ${size} bytes of payload in place of ${declared}`)
  if (declared < size) throw corrupt(`a frame has ${size} bytes of payload in place of ${declared}`)
  if (view.getUint32(CHECKSUM_AT, true) !== checksum(frame, CHECKSUM_AT))
    throw corrupt('the checksum of a frame is wrong')
  const version = view.getUint8(4)
  const kind = FRAME_KINDS[view.getUint8(5) - 1]
  if (version !== PROTOCOL_VERSION && kind !== 'hello') throw wrongVersion(version)
  if (kind === undefined) throw corrupt(`a frame has the unknown kind ${view.getUint8(5)}`)
  const flags = view.getUint16(6, true)
  if (flags > MORE || (flags === MORE && !isMessageKind(kind))) throw corrupt(`a ${kind} frame has the flags ${flags}`)
  const largest = isMessageKind(kind) ? most : MOST_CONTROL_BYTES
  if (size > largest) throw oversized(size, largest)
  return {
    kind,
    more: flags === MORE,
    sequence: view.getUint32(12, true),
    run: view.getUint32(16, true),
    version,
    payload: frame.subarray(HEADER_BYTES),
  }
}

/**
 * Typed arrays want aligned memory, while a socket hands out any; and what it hands out is a Buffer, whose `slice` copies
 * nothing.
 */
function alignedBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes
  return byteOffset % 8 === 0 ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes)
}

/** Whether frames of this kind carry messages, which may be cut into fragments. */
export function isMessageKind(kind: FrameKind): boolean {
  return MESSAGE_KINDS.has(kind)
}

function wrongVersion(found: number): FrameFault {
  return new FrameFault(
    'LINK_PROTOCOL_VERSION',
    `the peer speaks version ${found} of the protocol, expected ${PROTOCOL_VERSION}`,
  )
}

function oversized(found: number, most: number): FrameFault {
  return new FrameFault('LINK_FRAME_OVERSIZED', `a frame has ${found} bytes of payload, more than ${most}`)
}
