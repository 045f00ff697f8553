import { type ByteSource, recordSlices } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { damagedFile } from '../file-errors.js'

const EVENT_BYTES = 5
/** The row that no camera has: its events only say that the clock has gone round. */
const OVERFLOW_Y = 240
/** In microseconds. */
const OVERFLOW_SPAN = 2 ** 13

/**
 * Decodes a recording of N-MNIST or of a data set in its form: events of 5 bytes, x, y, then big-endian one bit for the
 * polarity and 23 for the time in microseconds. An event with y = 240 is none: it adds 2^13 microseconds to all that follow.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, UNIT_OUT_OF_RANGE.
 *
 * Source: Orchard, Jayawant, Cohen & Thakor, Converting static image datasets to spiking neuromorphic datasets using
 * saccades (2015), and the script that comes with their data, Read_Ndataset.
 */
export function decodeNmnist(source: ByteSource, camera: Camera, events: EventBuffer): void {
  const { file, size } = source
  const { width, height } = camera
  const over = size % EVENT_BYTES
  if (over > 0) throw damagedFile({ file, field: `byte ${size - over}`, found: `${over} bytes` }, '5 for an event')
  let base = 0
  for (const { position, view, length } of recordSlices(source, 0, size, EVENT_BYTES)) {
    for (let at = 0; at < length; at += EVENT_BYTES) {
      const x = view.getUint8(at)
      const y = view.getUint8(at + 1)
      if (y === OVERFLOW_Y) {
        base += OVERFLOW_SPAN
        continue
      }
      if (x >= width || y >= height) throw outsideCamera(file, `byte ${position + at}`, x, y, camera)
      const word = view.getUint32(at + 1) & 0xff_ffff
      events.add(base + (word & 0x7f_ffff), ((word >>> 23) * height + y) * width + x)
    }
  }
}
