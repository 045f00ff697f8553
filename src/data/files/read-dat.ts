import { decodeDat } from '../recordings/dat/decode-dat.js'
import type { EventRecordings } from '../recordings/event-recordings.js'
import { type CameraFormat, type CameraOptions, readCameraFiles } from './read-camera-files.js'

const DAT: CameraFormat = {
  endings: ['.dat'],
  decode: (source, given, events) => ({ camera: decodeDat(source, given, events), start: 0 }),
}

/**
 * Recordings in Prophesee's DAT format, of shape `[2, height, width]`: a file, a folder of files, a folder with one for each
 * class, which is the label, or folders of such for splits; `groups` has `file` and, where there are any, `split`. Times are
 * those in the file.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE,
 * FIELD_*, SHAPE_MISMATCH, OPTION_OUT_OF_RANGE.
 *
 * @param options size of the camera; default: what the headers say
 * @example
 * const recordings = await readDat('data/n-cars/train', { size: [100, 120] })
 * Source: see `decodeDat`.
 */
export function readDat(path: string, options: CameraOptions = {}): Promise<EventRecordings> {
  return readCameraFiles(path, options, DAT)
}
