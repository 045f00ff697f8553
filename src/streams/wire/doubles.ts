/** Copies doubles to bytes, whatever their alignment, bit for bit. */
export function writeDoubles(bytes: Uint8Array, at: number, values: Float64Array): void {
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
}

/** Copies doubles out of bytes, bit for bit. */
export function readDoubles(bytes: Uint8Array, at: number, count: number): Float64Array {
  const values = new Float64Array(count)
  new Uint8Array(values.buffer).set(bytes.subarray(at, at + values.byteLength))
  return values
}

/** Maximum ratio of a buffer that is kept to the payload in it. */
const MOST_KEPT = 2

/**
 * The doubles of a payload that belongs to the reader, at a multiple of 8: in place where they are most of their memory, else
 * a copy, as a small part would keep all of it.
 */
export function doublesOf(payload: Uint8Array, at: number, count: number): Float64Array {
  const { buffer, byteOffset } = payload
  const isMost = buffer.byteLength <= MOST_KEPT * 8 * count
  return isMost ? new Float64Array(buffer, byteOffset + at, count) : readDoubles(payload, at, count)
}
