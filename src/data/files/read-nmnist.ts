import type { EventRecordings } from '../recordings/event-recordings.js'
import { decodeNmnist } from '../recordings/nmnist/decode-nmnist.js'
import type { LabelledFiles } from './labelled-files.js'
import { type CameraFormat, type CameraOptions, readCameraFiles } from './read-camera-files.js'

/** Of the camera's pixels, the part that looked at the digits. */
const CAMERA = { width: 34, height: 34 }
const DIGITS = 10

const NMNIST: CameraFormat = {
  endings: ['.bin'],
  labels: digitsOf,
  decode: (source, given, events) => {
    const camera = given ?? CAMERA
    decodeNmnist(source, camera, events)
    return { camera, start: 0 }
  },
}

/**
 * Recordings of N-MNIST, of shape `[2, 34, 34]`: a folder with `Train` and `Test`, one of these, one of their folders `0` to
 * `9`, or a file. The label is the name of the folder; `groups` has `file` and, where there are both, `split`. Times count
 * from the start of the saccades.
 *
 * N-Caltech101 and others in its form, too, where labels count the folders by name and `size` is given.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, UNIT_OUT_OF_RANGE, FIELD_*,
 * SHAPE_MISMATCH, OPTION_OUT_OF_RANGE.
 *
 * @param options size of the camera; default `[34, 34]`
 * @example
 * const recordings = await readNmnist('data/N-MNIST')
 * Source: see `decodeNmnist`.
 */
export function readNmnist(path: string, options: CameraOptions = {}): Promise<EventRecordings> {
  return readCameraFiles(path, options, NMNIST)
}

/** Digits keep their numbers, also where only some of them are there. */
function digitsOf(found: LabelledFiles): LabelledFiles {
  if (!found.files.every(({ className }) => /^\d$/.test(className))) return found
  return {
    files: found.files.map((file) => ({ ...file, label: Number(file.className) })),
    classes: DIGITS,
    classNames: Array.from({ length: DIGITS }, (_, digit) => `${digit}`),
  }
}
