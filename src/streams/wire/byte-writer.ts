import { HEADER_BYTES } from './frame.js'

/** Writes a payload of a size that is not known before, behind the room for a header. */
export interface ByteWriter {
  byte(value: number): void
  /** An integer from 0 to 2^53 - 1, seven bits a byte, the lowest first; the top bit says that more follow. */
  count(value: number): void
  double(value: number): void
  bytes(values: Uint8Array): void
  /** A frame without header, in a buffer of its own. */
  frame(): Uint8Array
}

const LEAST_BYTES = 1024
const MOST_BYTES_OF_COUNT = 8

export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(LEAST_BYTES)
  let view = new DataView(buffer.buffer)
  let end = HEADER_BYTES

  function reserve(bytes: number): void {
    if (end + bytes <= buffer.length) return
    const larger = new Uint8Array(Math.max(2 * buffer.length, end + bytes))
    larger.set(buffer)
    buffer = larger
    view = new DataView(buffer.buffer)
  }

  return {
    byte(value) {
      reserve(1)
      buffer[end++] = value
    },
    count(value) {
      reserve(MOST_BYTES_OF_COUNT)
      let rest = value
      while (rest >= 0x80) {
        buffer[end++] = (rest % 0x80) | 0x80
        rest = Math.floor(rest / 0x80)
      }
      buffer[end++] = rest
    },
    double(value) {
      reserve(8)
      view.setFloat64(end, value, true)
      end += 8
    },
    bytes(values) {
      reserve(values.length)
      buffer.set(values, end)
      end += values.length
    },
    frame: () => buffer.slice(0, end),
  }
}
