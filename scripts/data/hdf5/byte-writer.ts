/** Bytes that grow, with little-endian numbers. */
export interface ByteWriter {
  readonly length: number
  number(value: number, bytes: number): void
  text(value: string): void
  bytes(values: Uint8Array): void
  /** Zeros up to a multiple of so many bytes. */
  align(bytes: number): void
  /** What has been written so far. */
  written(): Uint8Array
}

export function createByteWriter(): ByteWriter {
  let room = new Uint8Array(1 << 16)
  let length = 0
  const grow = (by: number) => {
    if (length + by <= room.length) return
    const larger = new Uint8Array(Math.max(2 * room.length, length + by))
    larger.set(room)
    room = larger
  }
  const bytes = (values: Uint8Array) => {
    grow(values.length)
    room.set(values, length)
    length += values.length
  }
  const number = (value: number, width: number) => {
    grow(width)
    let left = value
    for (let k = 0; k < width; k++, left = Math.floor(left / 256)) room[length++] = left % 256
  }
  return {
    get length() {
      return length
    },
    number,
    bytes,
    text: (value) => bytes(new TextEncoder().encode(value)),
    align: (to) => bytes(new Uint8Array((to - (length % to)) % to)),
    written: () => room.subarray(0, length),
  }
}
