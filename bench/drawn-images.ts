import type { Dataset } from '../dist/index.js'
import { createRandomStream } from '../dist/numerics/random-stream.js'
import { permutation } from '../dist/numerics/shuffle.js'

/** Images whose pixels spike at most once each, brighter ones sooner. */
export interface DrawnImages {
  readonly inputs: number
  /** Of every sample. */
  readonly spikes: number
  /** In ms; the spikes come in [0, span). */
  readonly span: number
}

/** Grey levels: times tie, as those of pixels do. */
const LEVELS = 255
const SAMPLES = 128
const CLASSES = 10
const SEED = 1

/** Samples that are functions of their numbers, drawn beforehand, as images would be read. */
export function drawnImages(images: DrawnImages): Dataset {
  const { spikes } = images
  const drawn = Array.from({ length: SAMPLES }, (_, sample) => drawSample(sample, images))
  const labels = createRandomStream(SEED, 'bench/labels')
  return {
    size: SAMPLES,
    classes: CLASSES,
    labels: Uint8Array.from(drawn, (_, sample) => labels.integer(sample, CLASSES)),
    encode(samples) {
      const trains = {
        offsets: Uint32Array.from({ length: samples.length + 1 }, (_, trial) => trial * spikes),
        times: new Float64Array(samples.length * spikes),
        units: new Uint32Array(samples.length * spikes),
      }
      for (const [trial, sample] of samples.entries()) {
        const { times, units } = drawn[sample] as (typeof drawn)[number]
        trains.times.set(times, trial * spikes)
        trains.units.set(units, trial * spikes)
      }
      return { input: trains }
    },
  }
}

function drawSample(sample: number, { inputs, spikes, span }: DrawnImages) {
  const random = createRandomStream(SEED, `bench/image/${sample}`)
  const order = permutation(random, inputs)
  const events = Array.from({ length: spikes }, (_, k) => ({
    unit: order[k] as number,
    time: (span * random.integer(inputs + k, LEVELS - 1)) / LEVELS,
  })).sort((a, b) => a.time - b.time || a.unit - b.unit)
  return { times: Float64Array.from(events, ({ time }) => time), units: Uint32Array.from(events, ({ unit }) => unit) }
}
