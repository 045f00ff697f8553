import { corrupt } from './frame-fault.js'

/** Reads what a `ByteWriter` has written; the bytes may hold anything. */
export interface ByteReader {
  readonly left: number
  /** @throws FrameFault LINK_FRAME_CORRUPT, like the others, where fewer bytes are left */
  byte(): number
  count(): number
  double(): number
  /** A part of the payload, not a copy. */
  bytes(count: number): Uint8Array
}

/** @param what is read, for the fault */
export function createByteReader(payload: Uint8Array, what: string): ByteReader {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  let at = 0

  function take(bytes: number): number {
    const start = at
    if (bytes > payload.length - start)
      throw corrupt(`a ${what} is cut short: ${bytes} bytes are due where ${payload.length - start} are left`)
    at += bytes
    return start
  }

  return {
    get left() {
      return payload.length - at
    },
    byte: () => payload[take(1)] as number,
    count() {
      let value = 0
      for (let scale = 1; ; scale *= 0x80) {
        const byte = payload[take(1)] as number
        value += (byte % 0x80) * scale
        if (value > Number.MAX_SAFE_INTEGER) throw corrupt(`a ${what} holds a number beyond 2^53`)
        if (byte < 0x80) return value
      }
    },
    double: () => view.getFloat64(take(8), true),
    bytes(count) {
      const start = take(count)
      return payload.subarray(start, start + count)
    },
  }
}
