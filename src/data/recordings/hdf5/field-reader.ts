import type { ByteSource } from '../bytes/byte-source.js'
import { damagedFile } from '../file-errors.js'

/** Structures of a file that are larger are none: those of HDF5 hold names and addresses, no data. */
const MOST_BYTES = 1 << 24

/** Numbers beyond are no sizes or places of anything. */
const MOST_HIGH = 2 ** 21

/** An address that leads nowhere: all bits set. */
export const NOWHERE = -1

/** Takes the fields of one structure of an HDF5 file from its bytes, one after the other; all numbers are little-endian. */
export class FieldReader {
  readonly source: ByteSource
  /** The structure, for errors. */
  readonly what: string
  /** Where it begins in the file. */
  readonly start: number
  readonly bytes: Uint8Array
  private readonly view: DataView
  private at = 0

  /**
   * Raises `InputError` DATA_FILE_DAMAGED where these bytes do not all lie in the file.
   */
  constructor(source: ByteSource, what: string, start: number, length: number) {
    this.source = source
    this.what = what
    this.start = start
    requireInside(source, what, start, length)
    if (length > MOST_BYTES) throw damaged(source, what, start, `${length} bytes`, `at most ${MOST_BYTES}`)
    // A source may hand out the same room again.
    this.bytes = source.read(start, length).slice()
    this.view = new DataView(this.bytes.buffer)
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  get position(): number {
    return this.at
  }

  skip(length: number): void {
    this.take(length)
  }

  byte(): number {
    return this.view.getUint8(this.take(1))
  }

  /** Of 1 to 8 bytes. */
  number(length: number): number {
    const at = this.take(length)
    let [low, high] = [0, 0]
    for (let k = Math.min(length, 4) - 1; k >= 0; k--) low = low * 256 + (this.bytes[at + k] as number)
    for (let k = length - 1; k >= 4; k--) high = high * 256 + (this.bytes[at + k] as number)
    if (high >= MOST_HIGH) throw this.wrong(`a number beyond 2^53`, 'a size or place in the file', at)
    return high * 2 ** 32 + low
  }

  /** Of `length` bytes; `NOWHERE` if all bits are set. */
  address(length: number): number {
    const ends = this.bytes.subarray(this.at, this.at + length)
    if (ends.length < length || ends.some((byte) => byte !== 0xff)) return this.number(length)
    this.take(length)
    return NOWHERE
  }

  signature(expected: string): void {
    const at = this.take(expected.length)
    const found = String.fromCharCode(...this.bytes.subarray(at, at + expected.length))
    if (found !== expected) throw this.wrong(JSON.stringify(found), `the signature ${expected}`, at)
  }

  version(known: readonly number[]): number {
    const at = this.at
    const version = this.byte()
    if (!known.includes(version)) throw this.wrong(`version ${version}`, `version ${known.join(' or ')}`, at)
    return version
  }

  /** The next bytes, which stay as they are. */
  block(length: number): Uint8Array {
    const at = this.take(length)
    return this.bytes.subarray(at, at + length)
  }

  /** The error for something in this structure. */
  wrong(found: string, expected: string, at = this.at): Error {
    return damaged(this.source, this.what, this.start + at, found, expected)
  }

  private take(length: number): number {
    if (length > this.left) throw this.wrong('its end', `${length} bytes more`)
    const at = this.at
    this.at += length
    return at
  }
}

/** The error for a place in a file. */
export function damaged(source: ByteSource, what: string, at: number, found: string, expected: string): Error {
  return damagedFile({ file: source.file, field: `byte ${at} (${what})`, found }, expected)
}

/** Raises `InputError` DATA_FILE_DAMAGED unless all of these bytes lie in the file. */
export function requireInside(source: ByteSource, what: string, start: number, length: number): void {
  if (start >= 0 && length >= 0 && start + length <= source.size) return
  const found = start === NOWHERE ? 'an address that leads nowhere' : `${length} bytes from ${start}`
  throw damaged(source, what, Math.max(start, 0), found, `a place in the ${source.size} bytes of the file`)
}
