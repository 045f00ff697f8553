import type { EventRecordings } from '../recordings/event-recordings.js'
import { decodeEvt } from '../recordings/evt/decode-evt.js'
import { type CameraFormat, type CameraOptions, readCameraFiles } from './read-camera-files.js'

const EVT: CameraFormat = { endings: ['.raw'], decode: decodeEvt }

/**
 * Recordings in the raw formats of Prophesee's cameras, EVT 2.0, 2.1 and 3.0, of shape `[2, height, width]`, from a file or
 * folders, as `readDat` reads them. Times count from the first time that the camera sent.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE,
 * FIELD_*, SHAPE_MISMATCH, OPTION_OUT_OF_RANGE.
 *
 * @param options size of the camera; default: what the headers say
 * @example
 * const recordings = await readEvt('data/gestures')
 * Source: see `decodeEvt`.
 */
export function readEvt(path: string, options: CameraOptions = {}): Promise<EventRecordings> {
  return readCameraFiles(path, options, EVT)
}
