import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { checksum } from '../../streams/wire/checksum.js'
import { readDoubles, writeDoubles } from '../../streams/wire/doubles.js'
import { padded } from '../../streams/wire/message-size.js'
import { type UnitWidth, unitArray } from '../../streams/wire/spikes-payload.js'

export const BLOCK_FIXED = 32
const MAGIC = 0x4b4c4253
const CHECKSUM_AT = 28

/** All spikes of one group within one window. */
export interface SpikeBlock {
  /** 0, 1, 2, … within its file. */
  readonly number: number
  readonly window: Window
  /** One trial. */
  readonly trains: SpikeTrains
}

/**
 * One block of a spike file, little-endian, a multiple of 8 bytes long:
 *
 *     byte 0 "SBLK"              16 f64 window end     32 f64 times[spikes], then units[spikes] of 1, 2 or 4 bytes
 *          4 u32 number          24 u32 spikes            each as the header says, padded with 0
 *          8 f64 window start    28 u32 checksum
 */
export function encodeSpikeBlock({ number, window, trains }: SpikeBlock, width: UnitWidth): Uint8Array {
  const { times, units } = trains
  const bytes = new Uint8Array(blockLength(times.length, width))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, number, true)
  view.setFloat64(8, window.start, true)
  view.setFloat64(16, window.end, true)
  view.setUint32(24, times.length, true)
  writeDoubles(bytes, BLOCK_FIXED, times)
  unitArray(bytes, BLOCK_FIXED + times.byteLength, width, units.length).set(units)
  view.setUint32(CHECKSUM_AT, checksum(bytes, CHECKSUM_AT), true)
  return bytes
}

function blockLength(spikes: number, width: UnitWidth): number {
  return BLOCK_FIXED + 8 * spikes + padded(width * spikes)
}

/** What the first bytes of a block say. */
export interface BlockHead {
  readonly number: number
  readonly window: Window
  readonly spikes: number
  /** Bytes of the whole block. */
  readonly length: number
}

/** Null for bytes that do not begin a block. */
export function decodeBlockHead(bytes: Uint8Array, width: UnitWidth): BlockHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < BLOCK_FIXED || view.getUint32(0, true) !== MAGIC) return null
  const window = { start: view.getFloat64(8, true), end: view.getFloat64(16, true) }
  const spikes = view.getUint32(24, true)
  return { number: view.getUint32(4, true), window, spikes, length: blockLength(spikes, width) }
}

/** A whole block; null if its bytes are not what was written. */
export function decodeSpikeBlock(bytes: Uint8Array, width: UnitWidth): SpikeBlock | null {
  const head = decodeBlockHead(bytes, width)
  if (head?.length !== bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(CHECKSUM_AT, true) !== checksum(bytes, CHECKSUM_AT)) return null
  const { number, window, spikes } = head
  const times = readDoubles(bytes, BLOCK_FIXED, spikes)
  const units = Uint32Array.from(unitArray(bytes, BLOCK_FIXED + times.byteLength, width, spikes))
  return { number, window, trains: { offsets: Uint32Array.of(0, spikes), times, units } }
}
