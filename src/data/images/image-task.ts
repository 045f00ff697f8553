import { InputError } from '../../events/errors.js'
import type { Task } from '../../learning/task.js'
import type { Network } from '../../network/description/network.js'
import { type Readers, refuseUnknown } from '../../network/reading/read-fields.js'
import { integerFrom, readPositive } from '../../network/reading/read-number.js'
import { readRecord } from '../../network/reading/read-value.js'
import { dataSettings } from '../data-settings.js'
import { completeSettings } from '../layered/complete-settings.js'
import { LAYERED_DEFAULTS, readoutLoss } from '../layered/layered-defaults.js'
import { layeredNetwork } from '../layered/layered-network.js'
import type { LayeredOptions, LayeredSettings } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import { expectImages, type ImageSplits, imagesBetween, type LabelledImages, requireLabels } from './labelled-images.js'
import { createLatencyDataset } from './latency-dataset.js'
import { LATENCY_READERS } from './latency-encoder.js'

export interface ImageTaskOptions extends LayeredOptions {
  /** A pixel spikes once, at (1 - value / 255) · inputSpan ms. */
  readonly inputSpan?: number
  /** Pixels of this value, 0 to 255, or less do not spike. */
  readonly pixelThreshold?: number
  /** Training images are moved by up to this many pixels along either axis, redrawn in every epoch. */
  readonly shift?: number
  /** Length of a trial in ms. */
  readonly until?: number
}

/** The settings of the image tasks; times in ms. */
export const IMAGE_DEFAULTS = {
  ...LAYERED_DEFAULTS,
  hidden: 350,
  readout: 'li',
  inputSpan: 20,
  pixelThreshold: 1,
  shift: 0,
  until: 20.5,
  neuron: { tauMem: 40, tauSyn: 20, threshold: 1 },
  weights: {
    input: { mean: 0.02, std: 0.12 },
    hidden: { drive: 30, spread: 20 },
    recurrent: { drive: 0, spread: 0.5 },
    output: { drive: 0, spread: 1.87 },
  },
  /** Only with `learnDelays`. */
  delays: { input: { low: 0, high: 3 } },
} as const satisfies LayeredSettings & Required<ImageTaskOptions>

/** Readers of the options that are not about the network. */
export const IMAGE_DATA_READERS: Readers<Omit<ImageTaskOptions, keyof LayeredOptions>> = Object.freeze({
  ...LATENCY_READERS,
  shift: integerFrom(0),
  until: readPositive,
})

/** Rows and columns of the images of MNIST and its kin. */
const IMAGE_SIDE = 28
export const IMAGE_CLASSES = 10

/** One of this many training images is kept for validation: the last 5000 of 60,000. */
const VALIDATION_SHARE = 12

/**
 * A task of telling images of 28 x 28 pixels in ten classes apart.
 *
 * The last twelfth of the training images is the validation split. Raises `InputError` IMAGE_SIZE,
 * LABEL_OUT_OF_RANGE, and for options that cannot be.
 */
export function imageTask(
  name: string,
  classNames: readonly string[],
  images: ImageSplits,
  options: ImageTaskOptions = {},
): Task {
  const settings = settingsOf(options)
  refuseUnknown(readRecord(images, 'images'), ['train', 'test'], 'images')
  const { train, test } = images
  for (const [split, images] of Object.entries({ train, test })) requireImages(expectImages(images, split), split)
  const border = train.size - Math.ceil(train.size / VALIDATION_SHARE)
  const dataset = (split: LabelledImages) => {
    return { ...createLatencyDataset(split, { ...settings, classes: IMAGE_CLASSES }), classNames }
  }
  return {
    name,
    settings: dataSettings(settings, IMAGE_DATA_READERS),
    train: dataset(imagesBetween(train, 0, border)),
    validation: dataset(imagesBetween(train, border, train.size)),
    test: dataset(test),
    until: settings.until,
    loss: readoutLoss(settings),
    network: imageNetwork(options),
  }
}

/** The network of such a task alone. */
export function imageNetwork(options: ImageTaskOptions = {}): Network {
  const settings = settingsOf(options)
  return layeredNetwork({ inputs: IMAGE_SIDE * IMAGE_SIDE, outputs: IMAGE_CLASSES }, settings)
}

function settingsOf(options: ImageTaskOptions) {
  return completeSettings(options, IMAGE_DEFAULTS, { ...LAYERED_READERS, ...IMAGE_DATA_READERS })
}

function requireImages({ rows, columns, labels }: LabelledImages, split: string): void {
  requireLabels(labels, IMAGE_CLASSES)
  if (rows === IMAGE_SIDE && columns === IMAGE_SIDE) return
  throw new InputError({
    code: 'IMAGE_SIZE',
    field: split,
    found: `images of ${rows} x ${columns} pixels`,
    expected: `${IMAGE_SIDE} x ${IMAGE_SIDE}`,
  })
}
