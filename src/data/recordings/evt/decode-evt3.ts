import type { Slice } from '../bytes/byte-source.js'
import { type Camera, outsideCamera } from '../bytes/camera.js'
import type { EventBuffer } from '../bytes/event-buffer.js'
import { damagedFile } from '../file-errors.js'
import { EvtClock } from './evt-clock.js'
import type { EvtDecoder } from './evt-decoder.js'

const WORD_BYTES = 2

/** What a word is, by its highest 4 bits; all others are passed over. */
const ADDR_Y = 0x0
const ADDR_X = 0x2
const VECT_BASE_X = 0x3
const VECT_12 = 0x4
const VECT_8 = 0x5
const TIME_LOW = 0x6
const TIME_HIGH = 0x8

/**
 * EVT 3.0: 16-bit words that change a state: the time, of 24 bits, so that it goes round after 16.777216 s, by its high and
 * its low 12 bits; the row, in 11 bits, the next one above being which of two cameras it is; a column with a polarity, for
 * one event or as the base of vectors, each of which says at which of the next 12 or 8 pixels there are events and moves the
 * base by 12 or 8. Events before the first time, row or base have no place and are passed over.
 */
export function createEvt3Decoder(file: string, camera: Camera, events: EventBuffer): EvtDecoder {
  const { width, height } = camera
  const clock = new EvtClock(12, 4096)
  let [low, y, eye, base, polarity] = [0, -1, -1, -1, 0]

  const addVector = (byte: number, valid: number, pixels: number) => {
    if (base < 0) return
    if (clock.runs && y >= 0)
      for (let k = 0; k < pixels; k++) if (((valid >>> k) & 1) === 1) addEvent(byte, base + k, polarity)
    base += pixels
  }
  const addEvent = (byte: number, x: number, on: number) => {
    if (x >= width || y >= height) throw outsideCamera(file, `byte ${byte}`, x, y, camera)
    events.add(clock.base + low, (on * height + y) * width + x)
  }
  const setRow = (byte: number, payload: number) => {
    y = payload & 0x7ff
    const next = payload >>> 11
    if (eye >= 0 && next !== eye)
      throw damagedFile({ file, field: `byte ${byte}`, found: 'a row of a second camera' }, 'rows of one camera')
    eye = next
  }

  return {
    wordBytes: WORD_BYTES,
    clock,
    take: ({ position, view, length }: Slice) => {
      for (let at = 0; at < length; at += WORD_BYTES) {
        const word = view.getUint16(at, true)
        const payload = word & 0xfff
        const byte = position + at
        switch (word >>> 12) {
          case ADDR_X:
            if (clock.runs && y >= 0) addEvent(byte, payload & 0x7ff, payload >>> 11)
            break
          case VECT_12:
            addVector(byte, payload, 12)
            break
          case VECT_8:
            addVector(byte, payload & 0xff, 8)
            break
          case VECT_BASE_X:
            base = payload & 0x7ff
            polarity = payload >>> 11
            break
          case ADDR_Y:
            setRow(byte, payload)
            break
          case TIME_LOW:
            low = payload
            break
          case TIME_HIGH:
            // The low bits of the time before belong to it alone.
            if (clock.set(payload)) low = 0
        }
      }
    },
  }
}
