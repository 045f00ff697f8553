import { messageOf } from '../../../events/message-of.js'
import { damaged, type FieldReader } from './field-reader.js'
import type { Hdf5File } from './hdf5-file.js'
import { unreadForm } from './unread-form.js'

/** What chunks were put through, in the order of writing. */
export type Filters = readonly number[]

const FILTER = { deflate: 1, shuffle: 2, fletcher32: 3 } as const
const KNOWN: readonly number[] = Object.values(FILTER)
const FIRST_NAMED = 256
const MOST_FILTERS = 32

/**
 * Reads which filters the chunks of a dataset were put through.
 *
 * Raises `InputError` DATA_FILE_FORMAT for others than deflate, shuffle and fletcher32; DATA_FILE_DAMAGED.
 *
 * Source: HDF5 File Format Specification, version 3.0, IV.A.2.l.
 */
export function readFilters(file: Hdf5File, fields: FieldReader, name: string): Filters {
  const version = fields.version([1, 2])
  const count = fields.byte()
  if (count > MOST_FILTERS) throw fields.wrong(`${count} filters`, `at most ${MOST_FILTERS}`)
  if (version === 1) fields.skip(6)
  return Array.from({ length: count }, () => {
    const id = fields.number(2)
    const nameBytes = version === 1 || id >= FIRST_NAMED ? fields.number(2) : 0
    fields.skip(2)
    const values = fields.number(2)
    fields.skip(version === 1 ? 8 * Math.ceil(nameBytes / 8) : nameBytes)
    fields.skip(4 * (version === 1 ? values + (values % 2) : values))
    if (KNOWN.includes(id)) return id
    throw unreadForm(
      { file: file.source.file, field: name, found: `filter ${id}` },
      'deflate (gzip), shuffle or fletcher32, or none',
      'Write the file again with one of these: h5repack -f GZIP=6 in.h5 out.h5.',
    )
  })
}

/** A chunk, packed, and where it is from. */
export interface PackedChunk {
  readonly bytes: Uint8Array
  readonly start: number
  /** Bit k: filter k was left out. */
  readonly mask: number
}

/**
 * Undoes the filters of a chunk of `size` bytes, whose elements have `elementBytes` each.
 *
 * Raises `InputError` DATA_FILE_DAMAGED where something cannot be unpacked, or has another length or checksum.
 */
export function unpackChunk(
  { source, inflate }: Hdf5File,
  filters: Filters,
  { bytes, start, mask }: PackedChunk,
  size: number,
  elementBytes: number,
): Uint8Array {
  const wrong = (found: string, expected: string) => damaged(source, 'chunk', start, found, expected)
  let chunk = bytes
  for (let k = filters.length - 1; k >= 0; k--) {
    if ((mask & (1 << k)) !== 0) continue
    if (filters[k] === FILTER.fletcher32) {
      const data = chunk.subarray(0, Math.max(chunk.length - 4, 0))
      if (chunk.length < 4 || !hasChecksum(chunk)) throw wrong('a wrong checksum', 'bytes as they were written')
      chunk = data
    } else if (filters[k] === FILTER.shuffle) chunk = unshuffled(chunk, elementBytes)
    else {
      try {
        // With its checksum, if that was put to it before.
        chunk = inflate(chunk, size + 4)
      } catch (cause) {
        throw wrong(messageOf(cause), 'packed bytes')
      }
    }
  }
  if (chunk.length !== size) throw wrong(`${chunk.length} bytes`, `${size}, of a whole chunk`)
  return chunk
}

/** First bytes of all elements, then second ones, and so on, back into elements. */
function unshuffled(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const count = Math.floor(bytes.length / elementBytes)
  const whole = new Uint8Array(bytes)
  for (let part = 0; part < elementBytes; part++)
    for (let k = 0; k < count; k++) whole[k * elementBytes + part] = bytes[part * count + k] as number
  return whole
}

/** Whether the last four bytes are the checksum of the others: of Fletcher, over big-endian words of 16 bits. */
function hasChecksum(bytes: Uint8Array): boolean {
  const length = bytes.length - 4
  let [low, high] = [0, 0]
  for (let k = 0; k < length; k += 2) {
    const second = k + 1 < length ? (bytes[k + 1] as number) : 0
    low = (low + (bytes[k] as number) * 256 + second) % 65_535
    high = (high + low) % 65_535
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + length, 4)
  const same = (one: number, other: number) => one % 65_535 === other % 65_535
  return same(view.getUint16(0, true), low) && same(view.getUint16(2, true), high)
}
