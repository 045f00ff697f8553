import type { PixelEvent } from './event-camera.js'

const EVENT_BYTES = 5
/** In microseconds; longer recordings would need events that say so. */
const LONGEST = 2 ** 23

/** The bytes of a recording in the form of N-MNIST: x, y, then big-endian one bit for the polarity and 23 for the time. */
export function writeNmnist(events: readonly PixelEvent[]): Uint8Array {
  const bytes = new Uint8Array(EVENT_BYTES * events.length)
  for (const [k, { time, x, y, polarity }] of events.entries()) {
    if (time >= LONGEST) throw new RangeError(`an event at ${time} microseconds, expected less than ${LONGEST}`)
    bytes.set([x, y, (polarity << 7) | (time >>> 16), (time >>> 8) & 0xff, time & 0xff], EVENT_BYTES * k)
  }
  return bytes
}
