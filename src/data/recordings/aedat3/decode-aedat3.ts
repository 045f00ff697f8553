import { type ByteSource, recordSlices } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import { readCommentHeader } from '../bytes/comment-header.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { damagedFile, wrongFormat } from '../file-errors.js'

const VERSION = '!AER-DAT3.1'
const LAST_LINE = '!END-HEADER'
const PACKET_BYTES = 28
const POLARITY_EVENTS = 1
const EVENT_BYTES = 8
/** Of the time within an event. */
const TIME_OFFSET = 4
/** In microseconds: events have 31 bits of them. */
const ROUND = 2 ** 31

/** The header of a packet. */
interface Packet {
  /** Where its events begin. */
  readonly start: number
  readonly kind: number
  readonly source: number
  /** Microseconds that its times do not say. */
  readonly base: number
  readonly events: number
  /** The byte behind it. */
  readonly end: number
}

/**
 * Decodes AEDAT 3.1: lines of text that begin with `#`, then little-endian packets. Each has a header of 28 bytes: 16 bits
 * of kind and source; 32 bits of the size of an event, the place of its time, how often times went round, capacity, number
 * of events, number of valid ones. In packets of kind 1 events have 8 bytes: a bit that is 1 where they are valid, one of
 * polarity, 15 of y, 15 of x; microseconds, 31 bits. Packets of other kinds are passed over.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE.
 *
 * Source: iniVation, AEDAT 3.1 (docs.inivation.com), libcaer's events/common.h and polarity.h, and the README of DVS128
 * Gesture.
 */
export function decodeAedat3(source: ByteSource, camera: Camera, events: EventBuffer): void {
  const { file, size } = source
  const { lines, end } = readCommentHeader(source, '#', LAST_LINE)
  if (lines[0] !== VERSION) {
    const found = lines[0] === undefined ? 'no header' : JSON.stringify(`#${lines[0]}`)
    throw wrongFormat({ file, field: 'header', found }, `"#${VERSION}"`, 'Convert the file to AEDAT 3.1.')
  }
  let eye = -1
  for (let at = end; at < size; ) {
    const packet = readPacket(source, at)
    at = packet.end
    if (packet.kind !== POLARITY_EVENTS) continue
    if (eye >= 0 && packet.source !== eye)
      throw damagedFile({ file, field: `byte ${packet.start - PACKET_BYTES}`, found: 'a second camera' }, 'one camera')
    eye = packet.source
    addEvents(source, packet, camera, events)
  }
}

function readPacket(source: ByteSource, at: number): Packet {
  const { file, size } = source
  const field = `byte ${at}`
  if (size - at < PACKET_BYTES)
    throw damagedFile({ file, field, found: `${size - at} bytes` }, `${PACKET_BYTES} for the header of a packet`)
  const bytes = source.read(at, PACKET_BYTES)
  const view = new DataView(bytes.buffer, bytes.byteOffset, PACKET_BYTES)
  const kind = view.getUint16(0, true)
  const [eventBytes, offset, rounds, capacity, number, valid] = [4, 8, 12, 16, 20, 24].map((place) =>
    view.getUint32(place, true),
  ) as [number, number, number, number, number, number]
  const start = at + PACKET_BYTES
  const end = start + capacity * eventBytes
  if (number > capacity || valid > number) {
    const found = `a packet with room for ${capacity} events, ${number} in it, ${valid} valid`
    throw damagedFile({ file, field, found }, 'not more than there is room for')
  }
  if (end > size) throw damagedFile({ file, field, found: `a packet up to byte ${end}` }, `its end before byte ${size}`)
  if (kind === POLARITY_EVENTS && (eventBytes !== EVENT_BYTES || offset !== TIME_OFFSET)) {
    const found = `events of ${eventBytes} bytes with their time at ${offset}`
    throw damagedFile({ file, field, found }, `${EVENT_BYTES} bytes with their time at ${TIME_OFFSET}`)
  }
  return { start, kind, source: view.getUint16(2, true), base: rounds * ROUND, events: number, end }
}

function addEvents(source: ByteSource, packet: Packet, camera: Camera, events: EventBuffer): void {
  const { file } = source
  const { width, height } = camera
  const end = packet.start + packet.events * EVENT_BYTES
  for (const { position, view, length } of recordSlices(source, packet.start, end, EVENT_BYTES)) {
    for (let at = 0; at < length; at += EVENT_BYTES) {
      const word = view.getUint32(at, true)
      const time = view.getInt32(at + TIME_OFFSET, true)
      if ((word & 1) === 0) continue
      const x = word >>> 17
      const y = (word >>> 2) & 0x7fff
      if (x >= width || y >= height) throw outsideCamera(file, `byte ${position + at}`, x, y, camera)
      if (time < 0) throw damagedFile({ file, field: `byte ${position + at}`, found: `time ${time}` }, 'a time from 0')
      events.add(packet.base + time, (((word >>> 1) & 1) * height + y) * width + x)
    }
  }
}
