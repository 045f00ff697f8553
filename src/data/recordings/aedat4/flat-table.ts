import { type PackedBytes, requireBytes } from './packed-bytes.js'

/** A vector of structs or bytes: where they begin, and how many there are. */
interface FlatVector {
  readonly start: number
  readonly length: number
}

/** A table of a flatbuffer, whose fields have numbers. Everything is checked to lie within the bytes. */
export interface FlatTable {
  /** Each of a field; null where it is absent. */
  int32(field: number): number | null
  int64(field: number): number | null
  /** @param size of an entry in bytes */
  vector(field: number, size: number): FlatVector | null
  text(field: number): string | null
}

/** Of 64 bits, rounded beyond 2^53. Not by BigInt, on which compilers of Node 20 have stumbled. */
export function int64At(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
}

const latin1 = new TextDecoder('latin1')

/**
 * The root of a flatbuffer that begins with its size.
 *
 * All numbers are little-endian. 32 bits of size; 32 bits to the root table, counted from themselves; 4 letters of kind. A
 * table begins with 32 bits back to its vtable: 16 bits of its size, 16 of the table's, then for each field 16 bits from the
 * table to it, 0 where it is absent. Vectors and texts are 32 bits away, and begin with 32 bits of their length.
 *
 * Raises the errors of `refuse`.
 *
 * @param kind four letters
 * Source: Google, FlatBuffers internals, flatbuffers.dev/internals.
 */
export function flatRoot(packed: PackedBytes, kind: string): FlatTable {
  const { bytes, view, refuse } = packed
  const need = (at: number, length: number) => {
    requireBytes(packed, at, length, 'a flatbuffer')
    return at
  }
  const uint16 = (at: number) => view.getUint16(need(at, 2), true)
  const uint32 = (at: number) => view.getUint32(need(at, 4), true)

  const size = uint32(0)
  if (size + 4 !== bytes.length) throw refuse(`a flatbuffer of ${size} bytes in ${bytes.length}`, 0)
  const found = latin1.decode(bytes.subarray(need(8, 4), 12))
  if (found !== kind) throw refuse(`a flatbuffer of kind ${JSON.stringify(found)}, not ${kind}`, 8)
  const table = need(4 + uint32(4), 4)
  const vtable = need(table - view.getInt32(table, true), 4)
  const fields = uint16(need(vtable, uint16(vtable))) / 2 - 2

  const placeOf = (field: number): number | null => {
    const offset = field < fields ? uint16(vtable + 4 + 2 * field) : 0
    return offset === 0 ? null : table + offset
  }
  const vector = (field: number, entry: number): FlatVector | null => {
    const place = placeOf(field)
    if (place === null) return null
    const start = place + uint32(place)
    const length = uint32(start)
    need(start + 4, length * entry)
    return { start: start + 4, length }
  }
  return {
    vector,
    int32: (field) => {
      const place = placeOf(field)
      return place === null ? null : view.getInt32(need(place, 4), true)
    },
    int64: (field) => {
      const place = placeOf(field)
      return place === null ? null : int64At(view, need(place, 8))
    },
    text: (field) => {
      const letters = vector(field, 1)
      return letters && new TextDecoder().decode(bytes.subarray(letters.start, letters.start + letters.length))
    },
  }
}
