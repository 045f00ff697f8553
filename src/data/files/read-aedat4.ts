import { decodeAedat4 } from '../recordings/aedat4/decode-aedat4.js'
import { openZstd } from '../recordings/aedat4/zstd-frame.js'
import type { EventRecordings } from '../recordings/event-recordings.js'
import { type CameraOptions, readCameraFiles } from './read-camera-files.js'

/**
 * Recordings in AEDAT4, the format of iniVation's cameras, of shape `[2, height, width]`, from a file or folders, as
 * `readDat` reads them; packed by LZ4, Zstandard or not at all, with or without an index. Times count from the first event.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, DATA_FILE_FORMAT, UNIT_OUT_OF_RANGE,
 * FIELD_*, SHAPE_MISMATCH, OPTION_OUT_OF_RANGE.
 *
 * @param options size of the camera; default: what the headers say
 * @example
 * const recordings = await readAedat4('data/gestures')
 * Source: see `decodeAedat4`.
 */
export async function readAedat4(path: string, options: CameraOptions = {}): Promise<EventRecordings> {
  const unpackZstd = await openZstd()
  return readCameraFiles(path, options, {
    endings: ['.aedat4'],
    decode: (source, given, events) => {
      const camera = decodeAedat4(source, given, events, unpackZstd)
      return { camera, start: Number.isFinite(events.earliest) ? events.earliest : 0 }
    },
  })
}
