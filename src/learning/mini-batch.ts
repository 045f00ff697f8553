import { InputError } from '../events/errors.js'
import { encodeSamples } from './encode-samples.js'
import { createLabels, requireLabelArray } from './labels.js'
import type { NamedSplit } from './named-splits.js'
import type { LabelledTrials } from './session.js'
import type { Dataset, TrainingDraw } from './task.js'

/**
 * The given samples of a data set as one mini-batch of trials of [0, until) ms.
 *
 * @param draw in training: what augmentation is a function of
 * @param named which split of which task the data set is: then it encodes when the inputs are read
 */
export function miniBatch(
  dataset: Dataset,
  samples: Uint32Array,
  until: number,
  draw?: TrainingDraw,
  named: NamedSplit | null = null,
): LabelledTrials {
  const labels = createLabels(samples.length, dataset.classes)
  for (let trial = 0; trial < labels.length; trial++) labels[trial] = dataset.labels[samples[trial] as number] as number
  const batch = { count: samples.length, until, labels }
  if (named === null) return { ...batch, inputs: encodeSamples(dataset, samples, draw) }
  return {
    ...batch,
    samples: { ...named, numbers: samples, ...(draw === undefined ? {} : { draw }) },
    // Encoded again at each access: the data set may reuse its arrays.
    get inputs() {
      return encodeSamples(dataset, samples, draw)
    },
  }
}

/** Cuts an order of samples into mini-batches; the last one may be shorter. */
export function* cut(order: Uint32Array, batch: number): Generator<Uint32Array> {
  for (let start = 0; start < order.length; start += batch) yield order.subarray(start, start + batch)
}

/**
 * Raises `InputError` DATASET_EMPTY unless the data set has a sample, FIELD_TYPE if its labels are too narrow for its
 * classes.
 */
export function requireSamples(dataset: Dataset, name: string): void {
  if (!(dataset.size > 0))
    throw new InputError({ code: 'DATASET_EMPTY', field: name, found: 'no samples', expected: 'at least one' })
  requireLabelArray(dataset.labels, dataset.classes, `${name}.labels`)
}
