import { corrupt } from './frame-fault.js'

/** Bytes of a text in UTF-8. */
export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** @throws FrameFault LINK_FRAME_CORRUPT if it is not UTF-8 */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw corrupt('a text is not UTF-8', error)
  }
}
