import type { Slice } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { EvtClock } from './evt-clock.js'
import type { EvtDecoder } from './evt-decoder.js'

const WORD_BYTES = 4
const TIME_HIGH = 0x8

/**
 * EVT 2.0: 32-bit words; the highest 4 bits say what they are. 0 and 1, an event of this polarity: 6 bits of time, 11 of x,
 * 11 of y. 8, time: bits 33 to 6 of the microseconds, which go round after 2^34, 4 h 46 min. All others are passed over, and
 * events before the first time.
 */
export function createEvt2Decoder(file: string, camera: Camera, events: EventBuffer): EvtDecoder {
  const { width, height } = camera
  const clock = new EvtClock(28, 64)
  return {
    wordBytes: WORD_BYTES,
    clock,
    take: ({ position, view, length }: Slice) => {
      for (let at = 0; at < length; at += WORD_BYTES) {
        const word = view.getUint32(at, true)
        const kind = word >>> 28
        if (kind === TIME_HIGH) clock.set(word & 0xfff_ffff)
        else if (kind <= 1 && clock.runs) {
          const x = (word >>> 11) & 0x7ff
          const y = word & 0x7ff
          if (x >= width || y >= height) throw outsideCamera(file, `byte ${position + at}`, x, y, camera)
          events.add(clock.base + ((word >>> 22) & 0x3f), (kind * height + y) * width + x)
        }
      }
    },
  }
}
