import type { GradientsMessage } from '../message.js'
import { doublesOf, writeDoubles } from './doubles.js'
import { requireMessageHead, requireMessageSize } from './message-size.js'
import { openPayload } from './open-payload.js'
import { type NameOf, nameStream } from './stream-name.js'

const HEAD_BYTES = 16

/**
 * A frame with the payload of a gradient batch in it, yet without header.
 *
 *     byte  0 u32 stream     8 u32 count     16 f64 values[count]
 *           4 u32 sequence  12 padding
 */
export function encodeGradients({ stream, batch: { sequence, values } }: GradientsMessage): Uint8Array {
  const { frame, payload, view } = openPayload(HEAD_BYTES + values.byteLength)
  view.setUint32(0, stream, true)
  view.setUint32(4, sequence, true)
  view.setUint32(8, values.length, true)
  writeDoubles(payload, HEAD_BYTES, values)
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT, LINK_STREAM_UNKNOWN */
export function decodeGradients(payload: Uint8Array, run: number, nameOf: NameOf): GradientsMessage {
  const view = requireMessageHead('gradients', payload, HEAD_BYTES)
  const stream = view.getUint32(0, true)
  const count = view.getUint32(8, true)
  requireMessageSize('gradients', payload, HEAD_BYTES + 8 * count)
  const name = nameStream(stream, nameOf)
  const sequence = view.getUint32(4, true)
  return {
    kind: 'gradients',
    stream,
    run,
    batch: { stream: name, sequence, values: doublesOf(payload, HEAD_BYTES, count) },
  }
}
