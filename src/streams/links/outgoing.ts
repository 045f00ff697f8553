import { type FrameKind, HEADER_BYTES, isMessageKind, sealFrame } from '../wire/frame.js'
import type { Port } from './port.js'

/** A frame or message to be sent: the payload behind 24 bytes of room for a header, in a buffer of its own. */
interface Unsealed {
  readonly kind: FrameKind
  readonly run: number
  readonly frame: Uint8Array
}

/** Numbers the frames of one direction, and cuts large messages. */
export interface Outgoing {
  send(unsealed: Unsealed): void
  /** Payload of the largest frame from now on. */
  limit(bytes: number): void
  readonly bytes: number
}

export function createOutgoing(port: Port): Outgoing {
  let sequence = 0
  let bytes = 0
  let most = Infinity
  const post = ({ kind, run, frame }: Unsealed, more: boolean) => {
    sealFrame(frame, { kind, run, more, sequence })
    sequence = (sequence + 1) >>> 0
    bytes += frame.byteLength
    port.send(frame)
  }
  const cut = ({ kind, run, frame }: Unsealed) => {
    const size = frame.byteLength
    for (let from = HEADER_BYTES; from < size; from += most) {
      const part = frame.subarray(from, Math.min(from + most, size))
      const fragment = new Uint8Array(HEADER_BYTES + part.byteLength)
      fragment.set(part, HEADER_BYTES)
      post({ kind, run, frame: fragment }, from + most < size)
    }
  }
  return {
    send(unsealed) {
      if (isMessageKind(unsealed.kind) && unsealed.frame.byteLength - HEADER_BYTES > most) cut(unsealed)
      else post(unsealed, false)
    },
    limit(largest) {
      most = largest
    },
    get bytes() {
      return bytes
    },
  }
}
