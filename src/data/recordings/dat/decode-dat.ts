import { type ByteSource, recordSlices } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import { headerFields, readCommentHeader } from '../bytes/comment-header.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { headerCamera } from '../bytes/header-camera.js'
import { damagedFile, wrongEventUnit, wrongFormat } from '../file-errors.js'

const EVENT_BYTES = 8
/** The kinds of events that are at pixels, `Event2d` and `EventCD`; they look alike. */
const PIXEL_EVENTS = [0, 12]
/** In microseconds. */
const ROUND = 2 ** 32

/**
 * Decodes a DAT file of a camera by Prophesee: lines of text that begin with `%`, a byte for the kind of events and one for
 * their size, then little-endian events of 8 bytes: 32 bits of microseconds; 14 bits x, 14 bits y, 4 bits polarity. Times
 * that fall by half a round or more have gone round; the others stand as they are.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE.
 *
 * @param given the camera; null: what the header says
 * @returns the camera
 * Source: Prophesee, DAT File Format, docs.prophesee.ai/stable/data/file_formats/dat.html.
 */
export function decodeDat(source: ByteSource, given: Camera | null, events: EventBuffer): Camera {
  const { file, size } = source
  const header = readCommentHeader(source, '%')
  const fields = headerFields(header)
  requireVersion(file, fields.get('version'))
  const camera = given ?? headerCamera(file, fields.get('width'), fields.get('height'))
  const start = header.end + 2
  requireKind(source, header.end)
  const over = (size - start) % EVENT_BYTES
  if (over > 0) throw damagedFile({ file, field: `byte ${size - over}`, found: `${over} bytes` }, '8 for an event')
  const { width, height } = camera
  let [base, last] = [0, 0]
  for (const { position, view, length } of recordSlices(source, start, size, EVENT_BYTES)) {
    for (let at = 0; at < length; at += EVENT_BYTES) {
      const time = view.getUint32(at, true)
      const word = view.getUint32(at + 4, true)
      const x = word & 0x3fff
      const y = (word >>> 14) & 0x3fff
      const polarity = word >>> 28
      if (x >= width || y >= height) throw outsideCamera(file, `byte ${position + at}`, x, y, camera)
      if (polarity > 1) throw wrongPolarity(file, position + at, polarity)
      if (last - time >= ROUND / 2) base += ROUND
      last = time
      events.add(base + time, (polarity * height + y) * width + x)
    }
  }
  return camera
}

function requireVersion(file: string, version: string | undefined): void {
  if (version === '2') return
  const found = version === undefined ? 'no version' : `version ${JSON.stringify(version)}`
  throw wrongFormat({ file, field: 'header', found }, 'a DAT file of version 2', 'Convert the file to version 2.')
}

function requireKind(source: ByteSource, at: number): void {
  const { file, size } = source
  if (size < at + 2) throw damagedFile({ file, field: `byte ${size}`, found: 'its end' }, 'kind and size of the events')
  const [kind, bytes] = source.read(at, 2) as unknown as [number, number]
  const found = `events of kind ${kind} with ${bytes} bytes`
  if (PIXEL_EVENTS.includes(kind) && bytes === EVENT_BYTES) return
  const remedy = 'Take the file with the events of pixels, or fetch it again if it should be that.'
  throw wrongFormat({ file, field: `byte ${at}`, found }, 'kind 0 or 12 with 8 bytes: a pixel and its time', remedy)
}

function wrongPolarity(file: string, byte: number, polarity: number) {
  const place = { file, field: `byte ${byte}`, found: `an event of polarity ${polarity}` }
  return wrongEventUnit(place, 2, 'The file is damaged: fetch it again.')
}
