import { MOST_CONTROL_BYTES } from './frame.js'
import { corrupt } from './frame-fault.js'
import { openPayload } from './open-payload.js'

/** Windows of a stream that may be sent again. */
export interface CreditReturn {
  readonly stream: number
  readonly windows: number
}

const BYTES = 8

/** Most streams that one credit frame has room for. */
export const MOST_RETURNS = MOST_CONTROL_BYTES / BYTES

/** A frame with returned credits in it, yet without header: per stream u32 number, u32 windows. */
export function encodeCredits(returns: readonly CreditReturn[]): Uint8Array {
  const { frame, view } = openPayload(BYTES * returns.length)
  returns.forEach(({ stream, windows }, k) => {
    view.setUint32(BYTES * k, stream, true)
    view.setUint32(BYTES * k + 4, windows, true)
  })
  return frame
}

/** @throws FrameFault LINK_FRAME_CORRUPT */
export function decodeCredits(payload: Uint8Array): CreditReturn[] {
  if (payload.byteLength % BYTES !== 0)
    throw corrupt(`${payload.byteLength} bytes of credits, expected a multiple of 8`)
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  return Array.from({ length: payload.byteLength / BYTES }, (_, k) => ({
    stream: view.getUint32(BYTES * k, true),
    windows: view.getUint32(BYTES * k + 4, true),
  }))
}
