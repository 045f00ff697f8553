import { bytesOfUnits } from '../../events/unit-set.js'
import type { ListenersMessage } from '../message.js'
import { corrupt } from './frame-fault.js'
import { requireMessageHead, requireMessageSize } from './message-size.js'
import { openPayload } from './open-payload.js'
import { type NameOf, nameStream } from './stream-name.js'

const HEAD_BYTES = 8

/**
 * A frame with the payload of a set of units in it, yet without header: u32 stream, u32 count, then a bit per unit, the
 * first one the lowest of its byte; the bits behind the last unit are 0.
 */
export function encodeListeners({ stream, heard: { count, bits } }: ListenersMessage): Uint8Array {
  const { frame, payload, view } = openPayload(HEAD_BYTES + bits.length)
  view.setUint32(0, stream, true)
  view.setUint32(4, count, true)
  payload.set(bits, HEAD_BYTES)
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT, LINK_STREAM_UNKNOWN */
export function decodeListeners(payload: Uint8Array, nameOf: NameOf): ListenersMessage {
  const view = requireMessageHead('listeners', payload, HEAD_BYTES)
  const stream = view.getUint32(0, true)
  const count = view.getUint32(4, true)
  requireMessageSize('listeners', payload, HEAD_BYTES + bytesOfUnits(count))
  nameStream(stream, nameOf)
  const bits = new Uint8Array(payload.subarray(HEAD_BYTES))
  if (count % 8 > 0 && (bits[bits.length - 1] as number) >> (count % 8) !== 0)
    throw corrupt(`a listeners message has units beyond ${count}`)
  return { kind: 'listeners', stream, heard: { count, bits } }
}
