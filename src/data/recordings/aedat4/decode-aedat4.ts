import type { ByteSource } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { headerCamera } from '../bytes/header-camera.js'
import { damagedFile, wrongEventUnit } from '../file-errors.js'
import { type Aedat4Header, readAedat4Header } from './aedat4-header.js'
import { flatRoot, int64At } from './flat-table.js'
import { unpackLz4Frame } from './lz4-frame.js'
import { MOST_UNPACKED, type PackedBytes, packedBytes } from './packed-bytes.js'

/** Of stream and size. */
const PACKET_BYTES = 8
const EVENT_BYTES = 16
/** Exact in a double, and so are differences. */
const MOST_MICROS = 2 ** 52

/** What packets are packed with. */
export type Unpack = (packed: PackedBytes) => Uint8Array

/**
 * Decodes AEDAT4: a line of text with the version; a flatbuffer `IOHE` with what packets are packed by and an XML that
 * describes the streams; then packets, each with 32 bits for its stream and 32 for its size, packed into a frame of LZ4 or
 * Zstandard, or not at all; at last an index, which need not be there and is not used. A packet of events is a flatbuffer
 * `EVTS` with a vector of events of 16 bytes: 64 bits of microseconds, 16 of x, 16 of y, a byte of polarity.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE.
 *
 * @param given the camera; null: what the header says
 * @param unpackZstd what unpacks Zstandard
 * @returns the camera
 * Source: iniVation, AEDAT 4.0 (docs.inivation.com), and the schemas of dv-processing: ioheader.fbs, event.fbs.
 */
export function decodeAedat4(
  source: ByteSource,
  given: Camera | null,
  events: EventBuffer,
  unpackZstd: Unpack,
): Camera {
  const { file } = source
  const header = readAedat4Header(source)
  const { stream } = header
  const camera = given ?? headerCamera(file, stream.width, stream.height)
  const unpack = { none: ({ bytes }: PackedBytes) => bytes, lz4: unpackLz4Frame, zstd: unpackZstd }[header.packing]
  for (let at = header.end; at < header.last; ) {
    const { id, size } = readPacket(source, header, at)
    const start = at + PACKET_BYTES
    at = start + size
    if (id === stream.id) addPacket(source, { start, size }, unpack, camera, events)
  }
  return camera
}

function readPacket(
  source: ByteSource,
  { last }: Aedat4Header,
  at: number,
): { readonly id: number; readonly size: number } {
  const { file } = source
  const field = `byte ${at}`
  if (at + PACKET_BYTES > last)
    throw damagedFile({ file, field, found: `${last - at} bytes` }, `${PACKET_BYTES} for stream and size of a packet`)
  const bytes = source.read(at, PACKET_BYTES)
  const view = new DataView(bytes.buffer, bytes.byteOffset, PACKET_BYTES)
  const size = view.getInt32(4, true)
  const room = last - at - PACKET_BYTES
  if (size >= 0 && size <= room) return { id: view.getInt32(0, true), size }
  throw damagedFile({ file, field, found: `a packet of ${size} bytes` }, `0 to ${room}, up to byte ${last}`)
}

function addPacket(
  source: ByteSource,
  { start, size }: { readonly start: number; readonly size: number },
  unpack: Unpack,
  camera: Camera,
  events: EventBuffer,
): void {
  const { file } = source
  const refuse = (found: string, at: number) =>
    damagedFile({ file, field: `byte ${start + at}`, found }, 'a whole packet of events')
  if (size > MOST_UNPACKED) throw refuse(`a packet of ${size} bytes`, 0)
  const plain = unpack(packedBytes(source.read(start, size), refuse))
  // Behind the frame there is no byte of the file for what is in it.
  const place = (at: number) => `packet at byte ${start}, unpacked byte ${at}`
  const packet = packedBytes(plain, (found, at) =>
    damagedFile({ file, field: place(at), found }, 'a flatbuffer of events'),
  )
  const vector = flatRoot(packet, 'EVTS').vector(0, EVENT_BYTES)
  if (vector !== null) addEvents(packet, vector, { file, place, camera }, events)
}

interface EventPlace {
  readonly file: string
  readonly camera: Camera
  place(at: number): string
}

function addEvents(
  { view, refuse }: PackedBytes,
  { start, length }: { readonly start: number; readonly length: number },
  { file, place, camera }: EventPlace,
  events: EventBuffer,
): void {
  const { width, height } = camera
  for (let at = start; at < start + length * EVENT_BYTES; at += EVENT_BYTES) {
    const micros = int64At(view, at)
    const x = view.getUint16(at + 8, true)
    const y = view.getUint16(at + 10, true)
    const polarity = view.getUint8(at + 12)
    if (x >= width || y >= height) throw outsideCamera(file, place(at), x, y, camera)
    if (polarity > 1) {
      const found = `an event of polarity ${polarity}`
      throw wrongEventUnit({ file, field: place(at), found }, 2, 'The file is damaged: fetch it again.')
    }
    if (micros < 0 || micros > MOST_MICROS) throw refuse(`time ${micros}`, at)
    events.add(micros, (polarity * height + y) * width + x)
  }
}
