import { log } from '../../../src/numerics/log.js'
import { createRandomStream, type RandomStream } from '../../../src/numerics/random-stream.js'
import { SACCADES_END, saccadeShift } from './saccades.js'

/** An event of a pixel: time in microseconds, polarity 1 where it became brighter. */
export interface PixelEvent {
  readonly time: number
  readonly x: number
  readonly y: number
  readonly polarity: 0 | 1
}

export interface EventCamera {
  /** What it sees of a picture of 28 x 28 bytes that moves, in the order of (time, y, x). */
  see(picture: Uint8Array, draw: RandomStream): readonly PixelEvent[]
}

/** Pixels of the camera, and of a picture, on a side. */
export const SIDE = 34
const PICTURE = 28
const MARGIN = 3
/** Pixels that a picture is off its place at most. */
const OFF = 0.5
const DARK = 0.1
/** In ms. */
const STEP = 1
const JITTER = 0.5
const DEAD_TIME = 1
/** Of a pixel, in Hz. */
const NOISE_RATE = 1
/** Of the logarithm of brightness; how much pixels differ. */
const THRESHOLD = 0.45
const THRESHOLD_SPREAD = 0.15
const LEAST_THRESHOLD = 0.1

/**
 * A camera of 34 x 34 pixels: one sends an event whenever L = ln(0.1 + I / 255) has moved by its threshold,
 * 0.45 (1 + 0.15 N), since the last, but not within the dead time; with jitter N(0, 0.5 ms) and 1 event a second by chance.
 * Pictures stand at (3, 3) ± 0.5, move as the saccades do, and are brighter between pixels as on a line.
 */
export function createEventCamera(seed: number): EventCamera {
  const spread = createRandomStream(seed, 'cameraDigits/threshold')
  const thresholds = Float64Array.from({ length: SIDE * SIDE }, (_, pixel) =>
    Math.max(THRESHOLD * (1 + THRESHOLD_SPREAD * spread.normal(pixel)), LEAST_THRESHOLD),
  )
  return {
    see: (picture, draw) => {
      let drawn = 2
      const off = [0, 1].map((k) => MARGIN + OFF * (2 * draw.uniform(k) - 1)) as [number, number]
      const events: PixelEvent[] = []
      const send = (ms: number, pixel: number, polarity: 0 | 1) => {
        const time = Math.round(1000 * Math.min(Math.max(ms, 0), SACCADES_END))
        events.push({ time, x: pixel % SIDE, y: Math.floor(pixel / SIDE), polarity })
      }
      const seen = frames(picture, off)
      for (let pixel = 0; pixel < SIDE * SIDE; pixel++)
        crossings(seen, pixel, thresholds[pixel] as number, (ms, polarity) =>
          send(ms + JITTER * draw.normal(drawn++), pixel, polarity),
        )
      const perMs = (NOISE_RATE * SIDE * SIDE) / 1000
      for (let ms = -log(draw.uniformOpen(drawn++)) / perMs; ms < SACCADES_END; ) {
        send(ms, draw.integer(drawn++, SIDE * SIDE), draw.integer(drawn++, 2) as 0 | 1)
        ms -= log(draw.uniformOpen(drawn++)) / perMs
      }
      return events.sort((one, other) => one.time - other.time || one.y - other.y || one.x - other.x)
    },
  }
}

/** L of all pixels at every step. */
function frames(picture: Uint8Array, [left, top]: readonly [number, number]): readonly Float64Array[] {
  const dark = log(DARK)
  return Array.from({ length: SACCADES_END / STEP + 1 }, (_, step) => {
    const shift = saccadeShift(step * STEP)
    const frame = new Float64Array(SIDE * SIDE)
    for (let pixel = 0; pixel < frame.length; pixel++) {
      const x = (pixel % SIDE) - left - shift.x
      const y = Math.floor(pixel / SIDE) - top - shift.y
      const light = brightness(picture, x, y)
      frame[pixel] = light === 0 ? dark : log(DARK + light / 255)
    }
    return frame
  })
}

/** Bilinear; nothing is around the picture. */
function brightness(picture: Uint8Array, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  if (column < -1 || row < -1 || column >= PICTURE || row >= PICTURE) return 0
  const [right, below] = [x - column, y - row]
  const upper = at(picture, column, row) * (1 - right) + at(picture, column + 1, row) * right
  const lower = at(picture, column, row + 1) * (1 - right) + at(picture, column + 1, row + 1) * right
  return upper * (1 - below) + lower * below
}

function at(picture: Uint8Array, column: number, row: number): number {
  if (column < 0 || row < 0 || column >= PICTURE || row >= PICTURE) return 0
  return picture[row * PICTURE + column] as number
}

function crossings(
  seen: readonly Float64Array[],
  pixel: number,
  threshold: number,
  send: (ms: number, polarity: 0 | 1) => void,
): void {
  let level = (seen[0] as Float64Array)[pixel] as number
  let before = level
  let ready = 0
  for (let step = 1; step < seen.length; step++) {
    const now = (seen[step] as Float64Array)[pixel] as number
    const sign = now > before ? 1 : -1
    while (sign * (now - level) >= threshold) {
      level += sign * threshold
      const ms = (step - (now - level) / (now - before)) * STEP
      if (ms < ready) continue
      ready = ms + DEAD_TIME
      send(ms, sign > 0 ? 1 : 0)
    }
    before = now
  }
}
