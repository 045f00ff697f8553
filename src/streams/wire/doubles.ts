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
