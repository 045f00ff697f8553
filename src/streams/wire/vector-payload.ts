import type { VectorMessage } from '../message.js'
import { doublesOf, writeDoubles } from './doubles.js'
import { createFramePool, type FramePool } from './frame-pool.js'
import { requireMessageHead, requireMessageSize } from './message-size.js'
import { payloadOf } from './open-payload.js'

const HEAD_BYTES = 8

/**
 * A frame with the payload of a vector in it, yet without header: u32 stream, u32 count, f64 values[count].
 *
 * @param pool where the frame comes from; default: it is a new one
 */
export function encodeVector({ stream, values }: VectorMessage, pool: FramePool = createFramePool()): Uint8Array {
  const { frame, payload, view } = payloadOf(pool.take(HEAD_BYTES + values.byteLength))
  view.setUint32(0, stream, true)
  view.setUint32(4, values.length, true)
  writeDoubles(payload, HEAD_BYTES, values)
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT */
export function decodeVector(payload: Uint8Array, run: number): VectorMessage {
  const view = requireMessageHead('vector', payload, HEAD_BYTES)
  const count = view.getUint32(4, true)
  requireMessageSize('vector', payload, HEAD_BYTES + 8 * count)
  return { kind: 'vector', stream: view.getUint32(0, true), run, values: doublesOf(payload, HEAD_BYTES, count) }
}
