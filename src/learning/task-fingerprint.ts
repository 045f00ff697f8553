import { createWordHash, type WordHash } from '../numerics/word-hash.js'
import { encodeSamples } from './encode-samples.js'
import type { Dataset, SplitFingerprint, SplitName, Task, TaskFingerprint, TrainingDraw } from './task.js'

export const SPLITS: readonly SplitName[] = Object.freeze(['train', 'validation', 'test'])

/** Samples of a split that are encoded for its fingerprint, spread over it. */
const PROBES = 8
/** Any one shows whether two data sets augment alike. */
const DRAW: TrainingDraw = Object.freeze({ seed: 1, epoch: 1 })

/** The fingerprint of the splits of a task. Raises whatever encoding some of their samples raises. */
export function fingerprintOf(task: Pick<Task, SplitName>): TaskFingerprint {
  return {
    train: splitFingerprint(task.train, [undefined, DRAW]),
    validation: splitFingerprint(task.validation, [undefined]),
    test: splitFingerprint(task.test, [undefined]),
  }
}

function splitFingerprint(dataset: Dataset, draws: readonly (TrainingDraw | undefined)[]): SplitFingerprint {
  const { size, classes } = dataset
  const labels = createWordHash()
  labels.number(classes)
  addNumbers(labels, dataset.labels)
  const inputs = createWordHash()
  const probes = Uint32Array.from({ length: Math.min(size, PROBES) }, (_, k) =>
    size <= PROBES ? k : Math.floor((k * (size - 1)) / (PROBES - 1)),
  )
  for (const draw of draws) addInputs(inputs, dataset, probes, draw)
  return { size, labels: labels.digest(), inputs: inputs.digest() }
}

function addInputs(hash: WordHash, dataset: Dataset, samples: Uint32Array, draw: TrainingDraw | undefined): void {
  const sources = Object.entries(encodeSamples(dataset, samples, draw)).sort(([one], [other]) => (one < other ? -1 : 1))
  hash.number(sources.length)
  for (const [name, { offsets, times, units }] of sources) {
    hash.text(name)
    addNumbers(hash, offsets)
    addNumbers(hash, new Uint32Array(Float64Array.from(times).buffer))
    addNumbers(hash, units)
  }
}

function addNumbers(hash: WordHash, values: ArrayLike<number>): void {
  hash.number(values.length)
  for (let k = 0; k < values.length; k++) hash.number(values[k] as number)
}

/** In what a task that was made from an origin is not the one it should be, as a clause; null if nothing is found. */
export function differenceBetween(found: TaskFingerprint, expected: TaskFingerprint): string | null {
  for (const split of SPLITS) {
    const [one, other] = [found[split], expected[split]]
    if (one.size !== other.size) return `its split "${split}" has ${one.size} samples, not ${other.size}`
    if (one.labels !== other.labels) return `its split "${split}" has other labels`
    if (one.inputs !== other.inputs) return `samples of its split "${split}" have other input spikes`
  }
  return null
}
