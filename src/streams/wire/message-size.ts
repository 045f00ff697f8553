import { corrupt } from './frame-fault.js'

/** The next multiple of 8. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

/** Refuses a payload that has not the size that follows from its counts. */
export function requireMessageSize(kind: string, payload: Uint8Array, expected: number): void {
  if (payload.byteLength !== expected)
    throw corrupt(`a ${kind} message has ${payload.byteLength} bytes, expected ${expected}`)
}

/** Refuses a payload that is too short for what always comes first. */
export function requireMessageHead(kind: string, payload: Uint8Array, least: number): DataView {
  if (payload.byteLength < least)
    throw corrupt(`a ${kind} message has ${payload.byteLength} bytes, expected at least ${least}`)
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
}
