import type { Slice } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { EvtClock } from './evt-clock.js'
import type { EvtDecoder } from './evt-decoder.js'
import type { EvtHeader } from './evt-header.js'

const WORD_BYTES = 8
const TIME_HIGH = 0x8

/**
 * EVT 2.1: 64-bit words; the high half is a word of EVT 2.0. An event stands for up to 32: the low half says at which of the
 * pixels from x on, the lowest bit being x itself. The time goes round after 2^34 microseconds.
 */
export function createEvt21Decoder(
  file: string,
  camera: Camera,
  events: EventBuffer,
  { firstHalf }: EvtHeader,
): EvtDecoder {
  const { width, height } = camera
  const clock = new EvtClock(28, 64)
  const [low, high] = firstHalf === 'low' ? [0, 4] : [4, 0]
  const addVector = (byte: number, word: number, pixels: number) => {
    const [first, y, on] = [(word >>> 11) & 0x7ff, word & 0x7ff, word >>> 28]
    const micros = clock.base + ((word >>> 22) & 0x3f)
    for (let k = 0; k < 32; k++) {
      if (((pixels >>> k) & 1) === 0) continue
      const x = first + k
      if (x >= width || y >= height) throw outsideCamera(file, `byte ${byte}`, x, y, camera)
      events.add(micros, (on * height + y) * width + x)
    }
  }

  return {
    wordBytes: WORD_BYTES,
    clock,
    take: ({ position, view, length }: Slice) => {
      for (let at = 0; at < length; at += WORD_BYTES) {
        const word = view.getUint32(at + high, true)
        const kind = word >>> 28
        if (kind === TIME_HIGH) clock.set(word & 0xfff_ffff)
        else if (kind <= 1 && clock.runs) addVector(position + at, word, view.getUint32(at + low, true))
      }
    },
  }
}
