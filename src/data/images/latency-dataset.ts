import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Dataset, TrainingDraw } from '../../learning/task.js'
import { partOf, type Readers } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { requireSamplesBelow } from '../sample-range.js'
import type { LabelledImages } from './labelled-images.js'
import { createLatencyEncoder, LATENCY_READERS, type LatencyEncoding } from './latency-encoder.js'
import { createShifts } from './shifts.js'

export interface LatencyDatasetOptions extends LatencyEncoding {
  readonly classes: number
  /** In training, an image is moved by up to this many pixels along either axis; 0: never. */
  readonly shift: number
}

const READERS: Readers<LatencyDatasetOptions> = { ...LATENCY_READERS, classes: integerFrom(1), shift: integerFrom(0) }

/**
 * Creates the data set of images whose pixels spike the earlier the brighter they are; one source unit per pixel.
 *
 * The images are kept as bytes and encoded mini-batch by mini-batch. In training each is moved by a whole number of
 * pixels, a pure function of (seed, epoch, sample); what leaves the image is lost.
 *
 * `encode` raises `SAMPLE_OUT_OF_RANGE` for a sample the set does not have.
 */
export function createLatencyDataset(images: LabelledImages, options: LatencyDatasetOptions): Dataset {
  const { classes, shift, ...encoding } = partOf(READERS)(options, 'options')
  const encoder = createLatencyEncoder(images, encoding)
  return {
    size: images.size,
    classes,
    labels: images.labels,
    emptyTrials: darkImages(images, encoding.pixelThreshold),
    encode: (samples, draw) => {
      requireSamplesBelow(images.size, samples)
      return { input: encodeSamples(encoder, samples, draw, shift) }
    },
  }
}

/** How many have no pixel above the threshold. */
function darkImages({ size, rows, columns, pixels }: LabelledImages, threshold: number): number {
  const area = rows * columns
  let dark = 0
  for (let image = 0; image < size; image++) {
    const end = (image + 1) * area
    let pixel = image * area
    while (pixel < end && (pixels[pixel] as number) <= threshold) pixel++
    if (pixel === end) dark++
  }
  return dark
}

function encodeSamples(
  encoder: ReturnType<typeof createLatencyEncoder>,
  samples: Uint32Array,
  draw: TrainingDraw | undefined,
  reach: number,
): SpikeTrains {
  const shifts = draw === undefined || reach === 0 ? null : createShifts(draw, reach)
  const offsets = new Uint32Array(samples.length + 1)
  let most = 0
  for (const sample of samples) most += encoder.count(sample)
  const times = new Float64Array(most)
  const units = new Uint32Array(most)
  let end = 0
  for (const [trial, sample] of samples.entries()) {
    end = encoder.write(sample, shifts === null ? UNMOVED : shifts(sample), times, units, end)
    offsets[trial + 1] = end
  }
  // A shift may have moved some out of their images.
  return end === most ? { offsets, times, units } : { offsets, times: times.slice(0, end), units: units.slice(0, end) }
}

const UNMOVED = Object.freeze({ right: 0, down: 0 })
