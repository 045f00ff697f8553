import { InternalError } from '../../events/errors.js'
import type { Message } from '../message.js'
import type { FrameKind } from './frame.js'
import { decodeGradients, encodeGradients } from './gradients-payload.js'
import { decodeListeners, encodeListeners } from './listeners-payload.js'
import { decodeSpikes, encodeSpikes } from './spikes-payload.js'
import type { NameOf } from './stream-name.js'
import { decodeValue, encodeValue } from './value-payload.js'
import { decodeVector, encodeVector } from './vector-payload.js'

/** A message as a frame without header: 24 bytes of zeros, then the payload. */
export function encodeMessage(message: Message): Uint8Array {
  switch (message.kind) {
    case 'spikes':
      return encodeSpikes(message)
    case 'gradients':
      return encodeGradients(message)
    case 'vector':
      return encodeVector(message)
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
