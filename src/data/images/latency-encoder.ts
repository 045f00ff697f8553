import { numberThat, partOf, type Readers, readPositive } from '../../network/reading/read-fields.js'
import { expectImages, type LabelledImages } from './labelled-images.js'
import type { Shift } from './shifts.js'

/** How the brightness of a pixel becomes the time of its one spike. */
export interface LatencyEncoding {
  /** A pixel spikes at (1 - value / 255) · inputSpan ms. */
  readonly inputSpan: number
  /** Pixels of this value or less do not spike. */
  readonly pixelThreshold: number
}

/** Readers of an encoding. */
export const LATENCY_READERS: Readers<LatencyEncoding> = Object.freeze({
  inputSpan: readPositive,
  pixelThreshold: numberThat('0 to 254', (value) => value >= 0 && value <= 254),
})

/** Turns images into spikes; unit row · columns + column is the pixel. */
export interface LatencyEncoder {
  /** Pixels of an image that spike. */
  count(image: number): number
  /** Writes the spikes of a moved image in order of (time, unit) from `start` on and returns where they end. */
  write(image: number, shift: Shift, times: Float64Array, units: Uint32Array, start: number): number
}

const VALUES = 256

/**
 * Creates an encoder of images. A counting sort by brightness puts the spikes of an image in order in two passes over
 * its pixels.
 */
export function createLatencyEncoder(images: LabelledImages, encoding: LatencyEncoding): LatencyEncoder {
  const { rows, columns, pixels } = expectImages(images, 'images')
  const { inputSpan, pixelThreshold } = partOf(LATENCY_READERS)(encoding, 'options')
  const area = rows * columns
  const timeOf = Float64Array.from({ length: VALUES }, (_, value) => (1 - value / 255) * inputSpan)
  /** Where the next spike of each brightness goes. */
  const places = new Uint32Array(VALUES)

  return {
    count(image) {
      let count = 0
      for (let pixel = image * area; pixel < (image + 1) * area; pixel++)
        if ((pixels[pixel] as number) > pixelThreshold) count++
      return count
    },
    write(image, { right, down }, times, units, start) {
      const first = { row: Math.max(0, -down), column: Math.max(0, -right) }
      const last = { row: rows - Math.max(0, down), column: columns - Math.max(0, right) }
      places.fill(0)
      for (let row = first.row; row < last.row; row++) {
        const origin = image * area + row * columns
        for (let column = first.column; column < last.column; column++) {
          const value = pixels[origin + column] as number
          places[value] = (places[value] as number) + 1
        }
      }
      let end = start
      for (let value = VALUES - 1; value > pixelThreshold; value--) {
        const count = places[value] as number
        places[value] = end
        end += count
      }
      for (let row = first.row; row < last.row; row++) {
        const origin = image * area + row * columns
        for (let column = first.column; column < last.column; column++) {
          const value = pixels[origin + column] as number
          if (value <= pixelThreshold) continue
          const place = places[value] as number
          places[value] = place + 1
          times[place] = timeOf[value] as number
          units[place] = (row + down) * columns + column + right
        }
      }
      return end
    },
  }
}
