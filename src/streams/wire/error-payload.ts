import { requireMessageHead, requireMessageSize } from './message-size.js'
import { openPayload } from './open-payload.js'
import { readText, textBytes } from './text.js'

/** Why a peer ends the link. */
export interface ErrorNote {
  readonly code: string
  readonly message: string
}

const HEAD_BYTES = 8
const MOST_CODE = 64
/** In UTF-16 units, of which each takes at most three bytes. */
const MOST_MESSAGE = 8192

/** A frame with an error in it, yet without header: u32 bytes of the code, u32 bytes of the message, both in UTF-8. */
export function encodeError({ code, message }: ErrorNote): Uint8Array {
  const codeBytes = textBytes(code.slice(0, MOST_CODE))
  const messageBytes = textBytes(message.slice(0, MOST_MESSAGE))
  const { frame, payload, view } = openPayload(HEAD_BYTES + codeBytes.length + messageBytes.length)
  view.setUint32(0, codeBytes.length, true)
  view.setUint32(4, messageBytes.length, true)
  payload.set(codeBytes, HEAD_BYTES)
  payload.set(messageBytes, HEAD_BYTES + codeBytes.length)
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT */
export function decodeError(payload: Uint8Array): ErrorNote {
  const view = requireMessageHead('error', payload, HEAD_BYTES)
  const middle = HEAD_BYTES + view.getUint32(0, true)
  requireMessageSize('error', payload, middle + view.getUint32(4, true))
  return { code: readText(payload.subarray(HEAD_BYTES, middle)), message: readText(payload.subarray(middle)) }
}
