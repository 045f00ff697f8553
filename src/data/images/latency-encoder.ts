import { partOf, type Readers } from '../../network/reading/read-fields.js'
import { numberThat, readPositive } from '../../network/reading/read-number.js'
import { grown } from '../../numerics/grown.js'
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
  pixelThreshold: numberThat({ expected: '0 to 254', holds: (value) => value >= 0 && value <= 254 }),
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
 * Creates an encoder of images, which stay as they are. The spiking pixels of an image are sorted when it is first asked
 * for, by a counting sort by brightness, and kept, two bytes each: a move leaves them in order.
 */
export function createLatencyEncoder(images: LabelledImages, encoding: LatencyEncoding): LatencyEncoder {
  const { rows, columns, pixels, size } = expectImages(images, 'images')
  const { inputSpan, pixelThreshold } = partOf(LATENCY_READERS)(encoding, 'options')
  const area = rows * columns
  const timeOf = Float64Array.from({ length: VALUES }, (_, value) => (1 - value / 255) * inputSpan)
  const Pixels = area > 0x10000 ? Uint32Array : Uint16Array
  /** Those of the images that were asked for, one after the other. */
  let sorted: Uint16Array | Uint32Array = new Pixels(0)
  let used = 0
  const startOf = new Float64Array(size).fill(-1)
  const countOf = new Uint32Array(size)
  const ends = new Uint32Array(VALUES)

  /** Notes the pixels of an image that spike, in the order of their spikes. */
  function sort(image: number): void {
    const own = pixels.subarray(image * area, (image + 1) * area)
    ends.fill(0)
    for (let pixel = 0; pixel < area; pixel++) {
      const value = own[pixel] as number
      ends[value] = (ends[value] as number) + 1
    }
    let end = used
    for (let value = VALUES - 1; value > pixelThreshold; value--) {
      const alike = ends[value] as number
      ends[value] = end
      end += alike
    }
    sorted = grown(sorted, end)
    for (let pixel = 0; pixel < area; pixel++) {
      const value = own[pixel] as number
      if (value <= pixelThreshold) continue
      const place = ends[value] as number
      ends[value] = place + 1
      sorted[place] = pixel
    }
    startOf[image] = used
    countOf[image] = end - used
    used = end
  }

  function requireSorted(image: number): void {
    if (startOf[image] === -1) sort(image)
  }

  return {
    count(image) {
      requireSorted(image)
      return countOf[image] as number
    },
    write(image, { right, down }, times, units, start) {
      requireSorted(image)
      const first = startOf[image] as number
      const last = first + (countOf[image] as number)
      const origin = image * area
      const isMoved = right !== 0 || down !== 0
      const shift = down * columns + right
      let end = start
      for (let k = first; k < last; k++) {
        const pixel = sorted[k] as number
        if (isMoved && !staysInside(pixel, right, down)) continue
        times[end] = timeOf[pixels[origin + pixel] as number] as number
        units[end++] = pixel + shift
      }
      return end
    },
  }

  function staysInside(pixel: number, right: number, down: number): boolean {
    const row = Math.floor(pixel / columns) + down
    const column = (pixel % columns) + right
    return row >= 0 && row < rows && column >= 0 && column < columns
  }
}
