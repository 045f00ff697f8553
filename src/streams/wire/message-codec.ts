import { InternalError } from '../../events/errors.js'
import type { GradientsMessage, Message } from '../message.js'
import { doublesOf, writeDoubles } from './doubles.js'
import type { FrameKind } from './frame.js'
import type { FramePool } from './frame-pool.js'
import { decodeListeners, encodeListeners } from './listeners-payload.js'
import { requireMessageHead, requireMessageSize } from './message-size.js'
import { openPayload } from './open-payload.js'
import { decodeSpikes, encodeSpikes } from './spikes-payload.js'
import { type NameOf, nameStream } from './stream-name.js'
import { decodeValue, encodeValue } from './value-payload.js'
import { decodeVector, encodeVector } from './vector-payload.js'

const HEAD_BYTES = 16

/**
 * A frame with the payload of a gradient batch in it, yet without header.
 *
 *     byte  0 u32 stream     8 u32 count     16 f64 values[count]
 *           4 u32 sequence  12 padding
 */
function encodeGradients({ stream, batch: { sequence, values } }: GradientsMessage): Uint8Array {
  const { frame, payload, view } = openPayload(HEAD_BYTES + values.byteLength)
  view.setUint32(0, stream, true)
  view.setUint32(4, sequence, true)
  view.setUint32(8, values.length, true)
  writeDoubles(payload, HEAD_BYTES, values)
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT, LINK_STREAM_UNKNOWN */
function decodeGradients(payload: Uint8Array, run: number, nameOf: NameOf): GradientsMessage {
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

/**
 * A message as a frame without header: 24 bytes of room for it, then the payload.
 *
 * @param pool where frames of vectors come from; default: they are new ones
 */
export function encodeMessage(message: Message, pool?: FramePool): Uint8Array {
  switch (message.kind) {
    case 'spikes':
      return encodeSpikes(message)
    case 'gradients':
      return encodeGradients(message)
    case 'vector':
      return encodeVector(message, pool)
    case 'listeners':
      return encodeListeners(message)
    case 'value':
      return encodeValue(message.value)
  }
}

export interface EncodedMessage {
  readonly kind: FrameKind
  readonly run: number
  /** Starts at a multiple of 8 in its buffer, and may hold anything. */
  readonly payload: Uint8Array
}

/**
 * The message of a payload, bit for bit what was encoded; its arrays are its own.
 *
 * @param nameOf the emitting group of a stream: names do not travel
 * @throws FrameFault LINK_FRAME_CORRUPT, LINK_STREAM_UNKNOWN
 */
export function decodeMessage({ kind, run, payload }: EncodedMessage, nameOf: NameOf): Message {
  switch (kind) {
    case 'spikes':
      return decodeSpikes(payload, run, nameOf)
    case 'gradients':
      return decodeGradients(payload, run, nameOf)
    case 'vector':
      return decodeVector(payload, run)
    case 'listeners':
      return decodeListeners(payload, nameOf)
    case 'value':
      return { kind, value: decodeValue(payload) }
    default:
      throw new InternalError(`A ${kind} frame carries no message.`)
  }
}
