import { HEADER_BYTES } from './frame.js'

/** A frame to be written: zeros, in a buffer of its own, and the payload within it. */
export interface EmptyFrame {
  readonly frame: Uint8Array
  readonly payload: Uint8Array
  /** Of the payload. */
  readonly view: DataView
}

export function openPayload(bytes: number): EmptyFrame {
  const frame = new Uint8Array(HEADER_BYTES + bytes)
  return { frame, payload: frame.subarray(HEADER_BYTES), view: new DataView(frame.buffer, HEADER_BYTES) }
}
