import { HEADER_BYTES } from './frame.js'

/** A frame to be written, in a buffer of its own, and the payload within it. */
export interface EmptyFrame {
  readonly frame: Uint8Array
  readonly payload: Uint8Array
  /** Of the payload. */
  readonly view: DataView
}

/** A frame of zeros. */
export function openPayload(bytes: number): EmptyFrame {
  return payloadOf(new Uint8Array(HEADER_BYTES + bytes))
}

export function payloadOf(frame: Uint8Array): EmptyFrame {
  return { frame, payload: frame.subarray(HEADER_BYTES), view: new DataView(frame.buffer, HEADER_BYTES) }
}
