import { type ByteSource, recordSlices } from '../bytes/byte-source.js'
import type { Camera } from '../bytes/camera.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { headerCamera } from '../bytes/header-camera.js'
import { damagedFile } from '../file-errors.js'
import { createEvt2Decoder } from './decode-evt2.js'
import { createEvt3Decoder } from './decode-evt3.js'
import { createEvt21Decoder } from './decode-evt21.js'
import { readEvtHeader } from './evt-header.js'

const DECODERS = { EVT2: createEvt2Decoder, EVT21: createEvt21Decoder, EVT3: createEvt3Decoder }

/** What a raw file is of. */
export interface DecodedEvt {
  readonly camera: Camera
  /** The first time that the camera sent, or of an event if one is earlier, in microseconds: what times count from. */
  readonly start: number
}

/**
 * Decodes a raw file of a camera by Prophesee: a header, see `readEvtHeader`, then words of EVT 2.0, 2.1 or 3.0, see
 * `createEvt2Decoder`, `createEvt21Decoder`, `createEvt3Decoder`.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE.
 *
 * @param given the camera; null: what the header says
 * Source: Prophesee, Data Encoding Formats, docs.prophesee.ai/stable/data/encoding_formats/{evt2,evt21,evt3}.html.
 */
export function decodeEvt(source: ByteSource, given: Camera | null, events: EventBuffer): DecodedEvt {
  const { file, size } = source
  const header = readEvtHeader(source)
  const camera = given ?? headerCamera(file, header.width, header.height)
  const { wordBytes, clock, take } = DECODERS[header.version](file, camera, events, header)
  const over = (size - header.end) % wordBytes
  if (over > 0)
    throw damagedFile({ file, field: `byte ${size - over}`, found: `${over} bytes` }, `${wordBytes} for a word`)
  for (const slice of recordSlices(source, header.end, size, wordBytes)) take(slice)
  if (!clock.runs && size > header.end)
    throw damagedFile({ file, field: `byte ${header.end}`, found: 'words without a time' }, 'a TIME_HIGH among them')
  return { camera, start: clock.runs ? clock.start : 0 }
}
