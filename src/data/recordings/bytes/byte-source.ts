/** The bytes of a file, read by slices: what a decoder asks for, wherever they lie. */
export interface ByteSource {
  /** Name for the errors. */
  readonly file: string
  /** In bytes. */
  readonly size: number
  /** `length` bytes from a position on, all of which lie within the size. They hold until the next call. */
  read(position: number, length: number): Uint8Array
}

/** Bytes read at a time: enough that calls cost nothing, little beside the events. */
export const SLICE_BYTES = 1 << 20

/** Bytes that are in memory already. */
export function bytesInMemory(bytes: Uint8Array, file: string): ByteSource {
  return { file, size: bytes.length, read: (position, length) => bytes.subarray(position, position + length) }
}

/** A slice of whole records, and where it begins in the file. */
export interface Slice {
  readonly position: number
  readonly view: DataView
  /** Of the view, in bytes. */
  readonly length: number
}

/**
 * The records of a fixed size in the bytes from `start` to `end`, by slices; what is left behind the last whole record
 * belongs to none. A slice holds until the next is asked for.
 */
export function* recordSlices(source: ByteSource, start: number, end: number, recordBytes: number): Generator<Slice> {
  const most = SLICE_BYTES - (SLICE_BYTES % recordBytes)
  const last = end - ((end - start) % recordBytes)
  for (let position = start; position < last; position += most) {
    const length = Math.min(most, last - position)
    const bytes = source.read(position, length)
    yield { position, view: new DataView(bytes.buffer, bytes.byteOffset, length), length }
  }
}
