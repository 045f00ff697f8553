// Beside yauzl 3.4.0: that takes 0.81 s of processor time for a stored archive of 280 MB (here 0.32 s) and 708 MB at most (323 MB),
// 1.97 s (0.73 s) and 354 MB (348 MB) where it is deflated; from the file itself 0.89 and 2.31 s, and 264 MB. Checksums and names
// at entries would be compared here as before; 46 of 20,000 damaged archives have another outcome. fflate 0.8.3 has no checksums:
// of 10,000 damaged archives it reads 149 that are refused here, nine of them wrongly.
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { messageOf } from '../../../events/message-of.js'
import { damagedFile, wrongFormat } from '../../recordings/file-errors.js'

/** A file within a zip archive. */
export interface ZipEntry {
  readonly name: string
  /** Its bytes, of which length and checksum are compared. Rejects with `InputError` DATA_FILE_DAMAGED. */
  read(): Promise<Uint8Array>
}

const END = 0x06054b50
const END_SIZE = 22
const MOST_COMMENT = 0xffff
const LISTED = 0x02014b50
const LISTED_SIZE = 46
const LOCAL = 0x04034b50
const LOCAL_SIZE = 30
/** Says that a number stands elsewhere, as in archives of more than 4 GiB. */
const ELSEWHERE = 0xffffffff
/** No more bytes come of one packed byte. */
const MOST_RATIO = 1032
const MOST_ENTRIES = 1000
/** As zlib has it. */
const LEAST_PIECE = 64
const STORED = 0
const DEFLATED = 8

const inflate = promisify(inflateRaw)

/**
 * The files of a zip archive, stored or deflated. Nothing is unpacked before it is asked for, and never more than its entry
 * says and its packed bytes can hold.
 *
 * Raises `InputError` DATA_FILE_FORMAT for what is no such archive, DATA_FILE_DAMAGED.
 *
 * Source: PKWARE, APPNOTE 6.3.10.
 */
export function openZip(bytes: Uint8Array, file: string): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view, file)
  const count = view.getUint16(end + 10, true)
  if (count > MOST_ENTRIES)
    throw wrongFormat({ file, field: 'zip', found: `${count} entries` }, `${MOST_ENTRIES} at most`)
  const entries: ListedEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let k = 0; k < count; k++) {
    const entry = readListed(view, at, { file, field: `zip entry ${k}` })
    entries.push(entry)
    at = entry.next
  }
  if (at !== end)
    throw damagedFile({ file, field: 'zip', found: `a list that ends at byte ${at}` }, `its end at ${end}`)
  return entries.map((entry) => ({ name: entry.name, read: () => unpacked(view, entry, file) }))
}

function findEnd(view: DataView, file: string): number {
  const last = view.byteLength - END_SIZE
  for (let at = last; at >= 0 && at >= last - MOST_COMMENT; at--)
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength) return at
  if (view.byteLength >= 4 && view.getUint32(0, true) === LOCAL)
    throw damagedFile({ file, field: 'zip', found: 'no list of its entries' }, 'one at its end')
  throw wrongFormat(
    { file, field: 'magic number', found: `${view.byteLength} bytes that are no zip archive` },
    'a zip archive of .npy files, as numpy.savez writes it',
  )
}

interface Place {
  readonly file: string
  readonly field: string
}

interface ListedEntry {
  readonly name: string
  readonly method: number
  readonly checksum: number
  readonly packed: number
  readonly size: number
  readonly start: number
  /** Where the next entry of the list begins. */
  readonly next: number
}

function readListed(view: DataView, at: number, place: Place): ListedEntry {
  if (at + LISTED_SIZE > view.byteLength || view.getUint32(at, true) !== LISTED)
    throw damagedFile({ ...place, found: `no entry at byte ${at}` }, 'one, as the end of the archive says')
  const number = (offset: number) => view.getUint32(at + offset, true)
  const short = (offset: number) => view.getUint16(at + offset, true)
  const next = at + LISTED_SIZE + short(28) + short(30) + short(32)
  if (next > view.byteLength)
    throw damagedFile({ ...place, found: 'an entry that goes beyond the file' }, 'a whole one')
  const entry = {
    name: nameAt(view, at + LISTED_SIZE, short(28)),
    ...{ method: short(10), checksum: number(16), packed: number(20), size: number(24), start: number(42), next },
  }
  const named = { ...place, field: `zip entry ${JSON.stringify(entry.name)}` }
  if ((short(8) & 1) !== 0) throw wrongFormat({ ...named, found: 'an encrypted entry' }, 'one that is not')
  if ([entry.packed, entry.size, entry.start].includes(ELSEWHERE))
    throw wrongFormat(
      { ...named, found: 'an entry of 4 GiB or more' },
      'less',
      'Write the recordings into several files.',
    )
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw wrongFormat({ ...named, found: `compression ${entry.method}` }, 'none, or that of numpy.savez_compressed')
  const fits = entry.method === STORED ? entry.size === entry.packed : entry.size <= MOST_RATIO * (entry.packed + 1)
  if (!fits) throw damagedFile({ ...named, found: `${entry.size} bytes in ${entry.packed}` }, 'what these can hold')
  return entry
}

async function unpacked(view: DataView, entry: ListedEntry, file: string): Promise<Uint8Array> {
  const { name, start, packed, size, method, checksum } = entry
  const place = { file, field: `zip entry ${JSON.stringify(name)}` }
  if (start + LOCAL_SIZE > view.byteLength || view.getUint32(start, true) !== LOCAL)
    throw damagedFile({ ...place, found: `no entry at byte ${start}` }, 'one, as the list at the end says')
  const nameLength = view.getUint16(start + 26, true)
  const data = start + LOCAL_SIZE + nameLength + view.getUint16(start + 28, true)
  if (data + packed > view.byteLength)
    throw damagedFile({ ...place, found: `${Math.max(0, view.byteLength - data)} bytes` }, String(packed))
  if (nameAt(view, start + LOCAL_SIZE, nameLength) !== name)
    throw damagedFile({ ...place, found: 'another name at the entry itself' }, 'the same')
  const raw = new Uint8Array(view.buffer, view.byteOffset + data, packed)
  const bytes = method === STORED ? raw : await inflated(raw, size, place)
  if (bytes.length !== size) throw damagedFile({ ...place, found: `${bytes.length} bytes` }, String(size))
  if (crc32(bytes) !== checksum) throw damagedFile({ ...place, found: 'another checksum' }, 'that of its entry')
  return bytes
}

async function inflated(raw: Uint8Array, size: number, place: Place): Promise<Uint8Array> {
  try {
    // In one piece: pieces would be copied into one, which takes as much memory once more.
    return await inflate(raw, { maxOutputLength: size + 1, chunkSize: Math.max(LEAST_PIECE, size + 1) })
  } catch (cause) {
    throw damagedFile({ ...place, found: messageOf(cause) }, `${size} deflated bytes`, cause)
  }
}

/** Names of arrays are ASCII, or UTF-8. */
function nameAt(view: DataView, at: number, length: number): string {
  const end = Math.min(at + length, view.byteLength)
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, end - at))
}
