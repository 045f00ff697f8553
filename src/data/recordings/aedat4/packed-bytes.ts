import type { InputError } from '../../../events/errors.js'

/** Bytes that a packet may have when it is unpacked: events of 16 bytes, some thousand in what cameras write. */
export const MOST_UNPACKED = 1 << 26

/** Bytes that are a part of a file, and the error for what is wrong at one of them. */
export interface PackedBytes {
  readonly bytes: Uint8Array
  readonly view: DataView
  refuse(found: string, at: number): InputError
}

export function packedBytes(bytes: Uint8Array, refuse: PackedBytes['refuse']): PackedBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), refuse }
}

/** Refuses bytes that end before `at` + `length`. */
export function requireBytes({ bytes, refuse }: PackedBytes, at: number, length: number, what: string): void {
  if (at < 0 || at + length > bytes.length) throw refuse(`its end in ${what}`, bytes.length)
}
